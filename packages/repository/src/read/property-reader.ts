/**
 * How a property is read: the SQL that selects it, and what becomes of the selected columns.
 *
 * @module
 */
import type { EntityType, Property, StoredModel } from '@sluice/model'
import {
  columnOf,
  columnsOf,
  entityTable,
  familyView,
  hasFamilyView,
  identifier,
  literal,
  resourceIdColumn,
} from '../layout/layout.ts'
import type { StoredFile } from './read-types.ts'

export interface PropertyReader {
  readonly property: Property
  /** Items of the select list. */
  readonly select: readonly string[]
  /** Joins the target of a reference. */
  readonly join: string | undefined
  /** What conditions compare: the value, or a reference's display value. */
  readonly expression: string
  readonly value: (row: Readonly<Record<string, unknown>>) => unknown
  /** Resource id a reference points to. */
  readonly referenceId: (row: Readonly<Record<string, unknown>>) => string | null
}

/** `row` is the alias of the table or view, `number` makes the names of this reader its own. */
export function propertyReader(
  model: StoredModel,
  property: Property,
  row: string,
  number: number,
): PropertyReader {
  const [first, ...others] = columnsOf(property).map(({ name }) => `${row}.${identifier(name)}`)
  const name = `v${number}`
  const none = () => null
  if (property.type === 'reference') {
    const target = `t${number}`
    const { expression, join } = displayJoin(model, property.to, `${first}`, target)
    return {
      property,
      select: [`${first} as ${name}`, `${expression} as d${number}`],
      join,
      expression,
      value: (found) => found[`d${number}`] ?? null,
      referenceId: (found) => textOrNull(found[name]),
    }
  }
  if (property.type === 'file') {
    const [fileName = 'null', mediaType = 'null'] = others
    return {
      property,
      select: [
        `octet_length(${first}) as ${name}`,
        `${fileName} as n${number}`,
        `${mediaType} as m${number}`,
      ],
      join: undefined,
      expression: `${first}`,
      value: (found) => fileOf(found[name], found[`n${number}`], found[`m${number}`]),
      referenceId: none,
    }
  }
  const convert = property.type === 'integer' ? integerOf : (value: unknown) => value
  return {
    property,
    select: [`${first} as ${name}`],
    join: undefined,
    expression: `${first}`,
    value: (found) => convert(found[name]),
    referenceId: none,
  }
}

/** What to select from for a type: its view, or its table with the type's name beside it. */
export function relationOf(model: StoredModel, type: EntityType, includeSubtypes = true): string {
  if (includeSubtypes && hasFamilyView(model, type)) return identifier(familyView(type.name))
  return `(select *, ${literal(type.name)}::text as entity_type from ${identifier(entityTable(type.name))})`
}

/**
 * The display value of the resource of `entityType` with the id `id`: the expression, and the join
 * it needs. Where there is no such value, or no such resource any more, it shows the id.
 */
export function displayJoin(
  model: StoredModel,
  entityType: string,
  id: string,
  alias: string,
): { readonly expression: string; readonly join: string | undefined } {
  const type = model.entityTypes.get(entityType)
  const display = displayPropertyOf(model, type)
  if (!type || !display) return { expression: `${id}::text`, join: undefined }
  return {
    expression: `coalesce(${alias}.${identifier(columnOf(display))}::text, ${id}::text)`,
    join: `left join ${relationOf(model, type)} ${alias} on ${alias}.${resourceIdColumn} = ${id}`,
  }
}

/**
 * The property people recognise a resource by: the display property of the type or of the one it
 * extends, else the key that all its sources agree on. A file or a reference shows nothing by itself.
 */
export function displayPropertyOf(model: StoredModel, type: EntityType | undefined): Property | undefined {
  const name = displayNameOf(model, type) ?? commonKeyOf(model, type)
  return type?.properties.find(
    (property) => property.name === name && property.type !== 'file' && property.type !== 'reference',
  )
}

function displayNameOf(model: StoredModel, type: EntityType | undefined): string | undefined {
  if (!type) return undefined
  return type.display ?? displayNameOf(model, model.entityTypes.get(type.extends ?? ''))
}

function commonKeyOf(model: StoredModel, type: EntityType | undefined): string | undefined {
  const mappings = [...model.sources.values()].flatMap(({ entities }) => entities)
  const keys = new Set(mappings.filter(({ entityType }) => entityType === type?.name).map(({ key }) => key))
  const [only, ...others] = keys
  return others.length === 0 ? only : undefined
}

function fileOf(size: unknown, name: unknown, mediaType: unknown): StoredFile | null {
  return typeof size === 'number' ? { name: textOrNull(name), mediaType: textOrNull(mediaType), size } : null
}

/** A number where a number can hold it. */
function integerOf(value: unknown): unknown {
  return typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
