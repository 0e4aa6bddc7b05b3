/**
 * The columns of a mapping's prepared files: which column of the source each is, and in which spelling.
 *
 * Agent and server both ask here, so that the header of a prepared file means the same to both. A column of the source is one
 * column there, under its own name; only where it names a resource and is a value of another kind, too, it is two.
 *
 * @module
 */
import type { EntityModel, Property } from '../entity/entity-model.ts'
import type { Shape } from './shape.ts'
import type { AssociationMapping, EntityMapping, PropertyMapping, ValueFormat } from './source.ts'
import { eitherSpelling, type Spelling, spellingOf } from './spelling.ts'

export interface PreparedColumn {
  /** In the header of prepared files. */
  readonly name: string
  /** Column of the source; of a shaped value, one of its own. */
  readonly column: string
  /** How its texts are made; absent where they are those of the column. */
  readonly shape: Shape | undefined
  /** Of what names a resource; absent where a text is as it came. */
  readonly spelling: Spelling | undefined
  /** Its texts are hidden. Its name says so: who does not know of it has other columns. */
  readonly secret: boolean
}

interface PreparedColumns {
  /** In their order, each once. */
  readonly all: readonly PreparedColumn[]
  /** The column that a mapped property has its value, or the name of its target, from; the first of several. */
  of(property: string): PreparedColumn
  /** All of them; several where they name its target together, in the order of the parts. */
  partsOf(property: string): readonly PreparedColumn[]
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
  const uses = mapping.properties.map((entry) => usesOf(entry, known, model, mapping.key))
  const laidOut = layOut([...uses.flat(), ...mapping.properties.flatMap(besides)])
  const key = mapping.properties.findIndex(({ property }) => property === mapping.key)
  // The configuration check refuses a key that is not mapped.
  const keyUse = uses[key]?.[0] ?? {
    column: mapping.key,
    shape: undefined,
    spelling: undefined,
    names: true,
    secret: false,
  }
  return { ...columnsIn(mapping.properties, uses, laidOut), key: laidOut(keyUse) }
}

/** `from`, `to`, then the link properties' columns. */
export function associationColumns(mapping: AssociationMapping, model: EntityModel): AssociationColumns {
  const association = model.associations.get(mapping.association)
  const from = endUse(mapping.from, association?.from, model)
  const to = endUse(mapping.to, association?.to, model)
  const uses = mapping.properties.map((entry) => usesOf(entry, association?.properties ?? [], model))
  const laidOut = layOut([from, to, ...uses.flat()])
  const { all, ...columns } = columnsIn(mapping.properties, uses, laidOut)
  const ends = { from: laidOut(from), to: laidOut(to) }
  return { ...columns, ...ends, all: unique([ends.from, ends.to, ...all]) }
}

/** A column that names a resource. */
interface NamingColumn extends ValueFormat {
  readonly column: string
  readonly shape?: Shape | undefined
  readonly by?: string | undefined
}

/** What one column of the source is taken for. */
interface Use {
  readonly column: string
  readonly shape: Shape | undefined
  readonly spelling: Spelling | undefined
  /** It names a resource. Another use takes a text in a spelling only where it is the same. */
  readonly names: boolean
  readonly secret: boolean
}

/** One of each column that the property is made of. */
function usesOf(
  entry: PropertyMapping,
  known: readonly Property[],
  model: EntityModel,
  key?: string,
): readonly Use[] {
  const property = known.find(({ name }) => name === entry.property)
  if (property?.type === 'reference')
    return (entry.parts ?? [entry]).map((part) => endUse(part, property.to, model))
  const spelling = property && spellingOf(property, entry)
  const secret = property?.type === 'secret'
  return [{ column: entry.column, shape: entry.shape, spelling, names: entry.property === key, secret }]
}

function endUse(end: NamingColumn, entityType: string | undefined, model: EntityModel): Use {
  const spelling = spellingBy(entityType, end.by, end, model)
  return { column: end.column, shape: end.shape, spelling, names: true, secret: false }
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
    column === undefined
      ? []
      : [{ column, shape: undefined, spelling: undefined, names: false, secret: false }],
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
    const { column, shape, secret } = use
    if (secret) return { name: `${column} as secret`, column, shape, spelling: undefined, secret }
    const spelling = taken(use)
    const alone = spelling === undefined || kinds(column).size === 1
    return { name: alone ? column : `${column} as ${spelling.id}`, column, shape, spelling, secret }
  }
}

function columnsIn(
  mappings: readonly PropertyMapping[],
  uses: readonly (readonly Use[])[],
  laidOut: LaidOut,
): PreparedColumns {
  const byProperty = new Map(mappings.map(({ property }, index) => [property, uses[index]]))
  const partsOf = (property: string) => {
    const [first, ...others] = byProperty.get(property) ?? []
    if (first === undefined) throw new Error(`${property} is not mapped.`)
    return [laidOut(first), ...others.map(laidOut)] as const
  }
  return {
    all: unique(
      mappings.flatMap((mapping, index) => [...(uses[index] ?? []), ...besides(mapping)].map(laidOut)),
    ),
    of: (property) => partsOf(property)[0],
    partsOf,
  }
}

function unique(columns: readonly PreparedColumn[]): readonly PreparedColumn[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()]
}
