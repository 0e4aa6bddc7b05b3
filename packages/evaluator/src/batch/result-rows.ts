/**
 * What a root gives → rows of the mappings, as prepared files have them.
 *
 * @module
 */
import {
  associationColumns,
  bareKeyProperty,
  type EntityModel,
  entityColumns,
  type Source,
  storableText,
} from '@sluice/model'
import { type Ci, nothing, type Relationship, Time, textOf, type Value } from '@sluice/syncmapping'

/** The columns of a mapping, in their order, and which of them name a row. */
export interface MappedColumns {
  readonly columns: readonly string[]
  /** One of a resource, two of a link. */
  readonly named: readonly string[]
}

/** By mapping, which bears the name of the class. */
export type MappedClasses = ReadonlyMap<string, MappedColumns>

export function mappedClasses(
  source: Pick<Source, 'entities' | 'associations'>,
  model: EntityModel,
): MappedClasses {
  const namesOf = (columns: readonly { readonly column: string }[]) => columns.map(({ column }) => column)
  const entities = source.entities.map((mapping): readonly [string, MappedColumns] => {
    const { all, key } = entityColumns(mapping, model)
    return [mapping.name, { columns: namesOf(all), named: namesOf([key]) }]
  })
  const links = source.associations.map((mapping): readonly [string, MappedColumns] => {
    const { all, from, to } = associationColumns(mapping, model)
    return [mapping.name, { columns: namesOf(all), named: namesOf([from, to]) }]
  })
  return new Map([...entities, ...links])
}

export interface ResultRow {
  readonly mapping: string
  /** By the positions of the mapping's columns; those that say nothing are `undefined`. */
  readonly fields: readonly (string | undefined)[]
  /** What names it. */
  readonly names: readonly string[]
}

/** Bytes: two of them, and the name of a root, stand in one index. */
export const longestKey = 900

export function rowOfCi(ci: Ci, { columns, named }: MappedColumns): ResultRow {
  const names = [keyOf(ci)]
  const fields = columns.map((column) => {
    if (column === named[0]) return names[0]
    return column === bareKeyProperty ? storableText(ci.key) : fieldOf(ci.attributes.get(column))
  })
  return { mapping: ci.className, names, fields }
}

export function rowOfRelationship(
  { className, source, destination, attributes }: Relationship,
  { columns, named }: MappedColumns,
): ResultRow {
  const names = [keyOf(source), keyOf(destination)]
  const fields = columns.map((column) => {
    const end = named.indexOf(column)
    return end === -1 ? fieldOf(attributes.get(column)) : names[end]
  })
  return { mapping: className, names, fields }
}

/** What the later row says stands, and of what it says nothing, what the earlier one does. */
export function laidOver(earlier: ResultRow, later: ResultRow): ResultRow {
  return { ...later, fields: later.fields.map((field, position) => field ?? earlier.fields[position]) }
}

const usualNamespace = 'BMC.CORE'

/** `<class>/<key>`, behind a namespace that is not the usual one. */
export function keyOf({ className, namespace, key }: Pick<Ci, 'className' | 'namespace' | 'key'>): string {
  const before = namespace === usualNamespace ? '' : `${namespace}:`
  return storableText(`${before}${className}/${key}`)
}

/** As it is stored; `undefined`: it says nothing. */
export function fieldOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null || value === nothing ? undefined : storableText(written(value))
}

/** As values stand in files. */
export function written(value: Value): string {
  if (typeof value === 'string') return value
  return value instanceof Time ? new Date(value.milliseconds).toISOString() : textOf(value)
}
