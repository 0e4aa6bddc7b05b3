/**
 * The columns of a mapping's prepared files: which column of the source each is, and in which spelling.
 *
 * Agent and server both ask here, so that the header of a prepared file means the same to both. A column of the source is one
 * column there, under its own name; only where it names a resource and is a value of another kind, too, it is two.
 *
 * @module
 */
import type { EntityModel, Property } from '../entity/entity-model.ts'
import type { AssociationMapping, EndMapping, EntityMapping, PropertyMapping, ValueFormat } from './source.ts'
import { eitherSpelling, type Spelling, spellingOf } from './spelling.ts'

export interface PreparedColumn {
  /** In the header of prepared files. */
  readonly name: string
  /** Column of the source. */
  readonly column: string
  /** Of what names a resource; absent where a text is as it came. */
  readonly spelling: Spelling | undefined
  /** Its texts are hidden. Its name says so: who does not know of it has other columns. */
  readonly secret: boolean
}

interface PreparedColumns {
  /** In their order, each once. */
  readonly all: readonly PreparedColumn[]
  /** The column that a mapped property has its value, or the name of its target, from. */
  of(property: string): PreparedColumn
}

export interface EntityColumns extends PreparedColumns {
  readonly key: PreparedColumn
}

export interface AssociationColumns extends PreparedColumns {
  readonly from: PreparedColumn
  readonly to: PreparedColumn
}

/** Its properties' columns in the order they are written. */
export function entityColumns(mapping: EntityMapping, model: EntityModel): EntityColumns {
  const known = model.entityTypes.get(mapping.entityType)?.properties ?? []
  const uses = mapping.properties.map((entry) => useOf(entry, known, model, mapping.key))
  const laidOut = layOut([...uses, ...mapping.properties.flatMap(besides)])
  const key = mapping.properties.findIndex(({ property }) => property === mapping.key)
  // The configuration check refuses a key that is not mapped.
  const keyUse = uses[key] ?? { column: mapping.key, spelling: undefined, names: true, secret: false }
  return { ...columnsIn(mapping.properties, uses, laidOut), key: laidOut(keyUse) }
}

/** `from`, `to`, then the link properties' columns. */
export function associationColumns(mapping: AssociationMapping, model: EntityModel): AssociationColumns {
  const association = model.associations.get(mapping.association)
  const from = endUse(mapping.from, association?.from, model)
  const to = endUse(mapping.to, association?.to, model)
  const uses = mapping.properties.map((entry) => useOf(entry, association?.properties ?? [], model))
  const laidOut = layOut([from, to, ...uses])
  const { all, of } = columnsIn(mapping.properties, uses, laidOut)
  return { all: unique([laidOut(from), laidOut(to), ...all]), of, from: laidOut(from), to: laidOut(to) }
}

/** What one column of the source is taken for. */
interface Use {
  readonly column: string
  readonly spelling: Spelling | undefined
  /** It names a resource. Another use takes a text in a spelling only where it is the same. */
  readonly names: boolean
  readonly secret: boolean
}

function useOf(entry: PropertyMapping, known: readonly Property[], model: EntityModel, key?: string): Use {
  const property = known.find(({ name }) => name === entry.property)
  const { column } = entry
  if (property?.type === 'reference')
    return { column, spelling: spellingBy(property.to, entry.by, entry, model), names: true, secret: false }
  const spelling = property && spellingOf(property, entry)
  return { column, spelling, names: entry.property === key, secret: property?.type === 'secret' }
}

function endUse(end: EndMapping, entityType: string | undefined, model: EntityModel): Use {
  return {
    column: end.column,
    spelling: spellingBy(entityType, end.by, end, model),
    names: true,
    secret: false,
  }
}

/** Of a column that names resources by a property of theirs: in its own format, or as Sluice writes the value itself. */
function spellingBy(
  entityType: string | undefined,
  by: string | undefined,
  format: ValueFormat,
  model: EntityModel,
): Spelling | undefined {
  const property = model.entityTypes.get(entityType ?? '')?.properties.find(({ name }) => name === by)
  const own = property && spellingOf(property, format)
  const plain = property && spellingOf(property, {})
  return own?.foreign && plain !== undefined ? eitherSpelling(own, plain) : own
}

function besides({ fileNameColumn, mediaTypeColumn }: PropertyMapping): readonly Use[] {
  return [fileNameColumn, mediaTypeColumn].flatMap((column) =>
    column === undefined ? [] : [{ column, spelling: undefined, names: false, secret: false }],
  )
}

type LaidOut = (use: Use) => PreparedColumn

function layOut(uses: readonly Use[]): LaidOut {
  const spellings = (column: string) =>
    new Set(uses.filter((use) => use.column === column && use.names).map(({ spelling }) => spelling?.id))
  const taken = ({ column, spelling, names }: Use) =>
    names || spellings(column).has(spelling?.id) ? spelling : undefined
  const kinds = (column: string) =>
    new Set(uses.filter((use) => use.column === column).map((use) => taken(use)?.id))
  return (use) => {
    const { column, secret } = use
    if (secret) return { name: `${column} as secret`, column, spelling: undefined, secret }
    const spelling = taken(use)
    const alone = spelling === undefined || kinds(column).size === 1
    return { name: alone ? column : `${column} as ${spelling.id}`, column, spelling, secret }
  }
}

function columnsIn(
  mappings: readonly PropertyMapping[],
  uses: readonly Use[],
  laidOut: LaidOut,
): PreparedColumns {
  const byProperty = new Map(mappings.map(({ property }, index) => [property, uses[index]]))
  return {
    all: unique(
      mappings.flatMap((mapping, index) => [uses[index] ?? [], besides(mapping)].flat().map(laidOut)),
    ),
    of: (property) => {
      const use = byProperty.get(property)
      if (use === undefined) throw new Error(`${property} is not mapped.`)
      return laidOut(use)
    },
  }
}

function unique(columns: readonly PreparedColumn[]): readonly PreparedColumn[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()]
}
