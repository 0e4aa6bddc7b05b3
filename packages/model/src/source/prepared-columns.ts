/**
 * The columns of a mapping's prepared files: which column of the source each is, and in which spelling.
 *
 * Agent and server both ask here, so that the header of a prepared file means the same to both. A column of the source is one
 * column there, under its own name; only where it names a resource and is a value of another kind, too, it is two.
 *
 * @module
 */
import type { EntityModel, Property } from '../entity/entity-model.ts'
import { groupBy } from '../group-by.ts'
import type { Shape } from './shape.ts'
import type { Absence, AssociationMapping, EntityMapping, PropertyMapping, ValueFormat } from './source.ts'
import { eitherSpelling, type Spelling, spellingOf } from './spelling.ts'

export interface PreparedColumn {
  /** In the header of prepared files. */
  readonly name: string
  /** Column of the source; of a shaped value, one of its own. */
  readonly column: string
  /** How its texts are made; absent where they are those of the column. */
  readonly shape: Shape | undefined
  /** Of what names a resource, and of local times; absent where a text is as it came. */
  readonly spelling: Spelling | undefined
  /** Texts that stand for no value: they are written as empty fields. Of a shaped value, texts of the columns that it is made of. */
  readonly absent: readonly string[]
  /** Its texts are compared with others, so they are written in Unicode normal form C. */
  readonly composed: boolean
  /** What is nothing but blanks names nobody, and is written as an empty field. */
  readonly blankIsNobody: boolean
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
  const keyUse = uses[key]?.[0] ?? { ...plainUse(mapping.key), names: true }
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
interface NamingColumn extends ValueFormat, Absence {
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
  /** It is no name, and has a spelling all the same: that of a local time, which only the mapping can read. */
  readonly converted: boolean
  /** It is a text by which resources are named, or looked up. */
  readonly compared: boolean
  readonly absent: readonly string[]
  readonly secret: boolean
}

function plainUse(column: string): Use {
  return {
    column,
    shape: undefined,
    spelling: undefined,
    names: false,
    converted: false,
    compared: false,
    absent: [],
    secret: false,
  }
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
  const names = entry.property === key
  const use: Use = {
    ...plainUse(entry.column),
    shape: entry.shape,
    spelling: property && spellingOf(property, entry),
    names,
    converted: entry.timeZone !== undefined,
    compared: (names || entry.lookedUp === true) && isText(property),
    absent: entry.absent ?? [],
    secret: property?.type === 'secret',
  }
  return [use]
}

function isText(property: Property | undefined): boolean {
  return property?.type === 'string' || property?.type === 'text'
}

function endUse(end: NamingColumn, entityType: string | undefined, model: EntityModel): Use {
  const property = propertyBy(entityType, end.by, model)
  return {
    ...plainUse(end.column),
    shape: end.shape,
    spelling: property && spellingBy(property, end),
    names: true,
    compared: isText(property),
    absent: end.absent ?? [],
  }
}

function propertyBy(
  entityType: string | undefined,
  by: string | undefined,
  model: EntityModel,
): Property | undefined {
  return model.entityTypes.get(entityType ?? '')?.properties.find(({ name }) => name === by)
}

/** Of a column that names resources by a property of theirs: in its own format, or as Sluice writes the value itself. */
function spellingBy(property: Property, format: ValueFormat): Spelling | undefined {
  const own = spellingOf(property, format)
  const plain = spellingOf(property, {})
  return own?.foreign && plain !== undefined ? eitherSpelling(own, plain) : own
}

function besides({ fileNameColumn, mediaTypeColumn }: PropertyMapping): readonly Use[] {
  return [fileNameColumn, mediaTypeColumn].flatMap((column) =>
    column === undefined ? [] : [plainUse(column)],
  )
}

type LaidOut = (use: Use) => PreparedColumn

function layOut(uses: readonly Use[]): LaidOut {
  const ofColumn = groupBy(uses, ({ column }) => column)
  const beside = ({ column }: Use) => ofColumn.get(column) ?? []
  const spellings = (use: Use) =>
    new Set(
      beside(use)
        .filter(({ names, converted }) => names || converted)
        .map(({ spelling }) => spelling?.id),
    )
  const taken = (use: Use) =>
    use.names || use.converted || spellings(use).has(use.spelling?.id) ? use.spelling : undefined
  const kinds = (use: Use) => new Set(beside(use).map((other) => taken(other)?.id))
  const absences = (use: Use) => new Set(beside(use).map(({ absent }) => JSON.stringify(absent)))
  const nameOf = (use: Use) => {
    const spelling = taken(use)
    if (use.secret) return `${use.column} as secret`
    const alone = spelling === undefined || kinds(use).size === 1
    const name = alone ? use.column : `${use.column} as ${spelling.id}`
    return use.absent.length === 0 || absences(use).size === 1
      ? name
      : `${name} without ${use.absent.join(', ')}`
  }
  return (use) => {
    const name = nameOf(use)
    const alike = beside(use).filter((other) => nameOf(other) === name)
    const { column, shape, absent, secret } = use
    return {
      name,
      column,
      shape,
      spelling: secret ? undefined : taken(use),
      absent,
      composed: alike.some(({ compared }) => compared),
      blankIsNobody: alike.some(({ compared, names }) => compared && names),
      secret,
    }
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
