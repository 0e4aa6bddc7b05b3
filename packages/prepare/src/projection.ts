/**
 * What one mapping wants from its file: which columns, in which order, and what makes a row unique.
 *
 * Entity and association mappings differ only here; everything after works on projections.
 *
 * @module
 */
import {
  type AssociationMapping,
  associationColumns,
  columnsRead,
  deliveredAs,
  type EntityColumns,
  type EntityMapping,
  type EntityModel,
  entityColumns,
  type FileFormat,
  isSecret,
  type LegalValue,
  legalValue,
  type PreparedColumn,
  type Property,
  type PropertyMapping,
  plainPath,
  type Reading,
  type RowFilter,
  readingsOf,
  type Shape,
  type Source,
  type Spelling,
  spellingOf,
  switchedOn,
  type ValueFormat,
} from '@sluice/model'

/** Numbers are positions in `columns`. */
export interface Projection {
  readonly mapping: string
  readonly file: string
  readonly format: FileFormat
  /** What the rows of a reference stand for, beside their text. */
  readonly reading: Reading
  /** Header of the prepared file, each column once. */
  readonly columns: readonly string[]
  /** The column of the source that each of them comes from; of a shaped value, its name. */
  readonly sourceColumns: readonly string[]
  /** Columns that the file has to have. */
  readonly wanted: readonly string[]
  /** How rows and values are made of records; absent where each is as it stands. */
  readonly shaping: Shaping | undefined
  /** Columns that name resources, where a value has more than one spelling. */
  readonly spelled: readonly SpelledColumn[]
  /** Columns in which some texts are no values, or stand for others. */
  readonly cleansed: readonly CleansedColumn[]
  /** Columns whose texts are hidden. */
  readonly secrets: readonly SecretColumn[]
  /** Rows with the same values here are duplicates; the first in the file wins. */
  readonly unique: readonly number[]
  /** The prepared file is sorted by these. */
  readonly order: readonly number[]
  /** A row that leaves one of these empty has no key. */
  readonly required: readonly number[]
  /** An association in an entity's own file: a row without target simply has no link. */
  readonly inline: { readonly own: number; readonly target: number } | undefined
  /** What a value has to be, where not every text is one. */
  readonly checks: readonly ColumnCheck[]
}

interface Shaping {
  /** By column, how its texts are made; absent where they are those of the source's column. */
  readonly shapes: readonly (Shape | undefined)[]
  /** By column, the texts of the source that it is not made of: they are no values. */
  readonly absent: readonly (readonly string[])[]
  readonly where: RowFilter | undefined
}

export interface SpelledColumn {
  readonly column: number
  readonly spelling: Spelling
  /** A row whose text is no value is rejected; any other column keeps it, and it names nobody. */
  readonly isKey: boolean
}

export interface CleansedColumn extends Pick<PreparedColumn, 'absent' | 'composed' | 'blankIsNobody'> {
  readonly column: number
}

interface SecretColumn {
  readonly column: number
  readonly entityType: string
  readonly property: string
}

export interface ColumnCheck {
  readonly column: number
  readonly required: boolean
  readonly legal: LegalValue
  readonly property: Property
  /** In which the values are written when they are checked. */
  readonly format: ValueFormat
}

/** The projections of all mappings that are not switched off: entity types first, then associations, as configured. */
export function projectionsOf(of: Source, modelOf: EntityModel): readonly Projection[] {
  const { source, model } = deliveredAs(of, modelOf)
  const readings = readingsOf(source, model)
  const { entities, associations } = switchedOn(source)
  return [
    ...entities.map((mapping) => entityProjection(mapping, model)),
    ...associations.map((mapping) => associationProjection(mapping, source, model)),
  ].map((projection) => ({ ...projection, reading: readings.get(projection.mapping) ?? {} }))
}

type Unread = Omit<Projection, 'reading'>

function entityProjection(mapping: EntityMapping, model: EntityModel): Unread {
  const prepared = entityColumns(mapping, model)
  const { name, file, format, properties } = mapping
  const columns = namesOf(prepared.all)
  const key = [columns.indexOf(prepared.key.name)]
  return {
    mapping: name,
    file,
    format,
    ...columnsOf(prepared, mapping.where),
    secrets: secretsOf(mapping, prepared, model),
    unique: key,
    order: key,
    required: key,
    inline: undefined,
    checks: checksOf(prepared, properties, model.entityTypes.get(mapping.entityType)?.properties ?? []),
  }
}

function associationProjection(mapping: AssociationMapping, source: Source, model: EntityModel): Unread {
  const prepared = associationColumns(mapping, model)
  const columns = namesOf(prepared.all)
  const from = columns.indexOf(prepared.from.name)
  const to = columns.indexOf(prepared.to.name)
  const association = model.associations.get(mapping.association)
  const cardinality = association?.cardinality ?? 'many-to-many'
  const both = [from, to]
  const key = { 'many-to-many': both, 'one-to-many': [to], 'many-to-one': [from] }[cardinality]

  const host = source.entities.find((entity) => samePath(entity.file, mapping.file))
  const ownIsFrom =
    cardinality === 'many-to-one' ||
    (cardinality === 'many-to-many' &&
      host?.entityType === association?.from &&
      host?.entityType !== association?.to)
  const inline = ownIsFrom ? { own: from, target: to } : { own: to, target: from }
  return {
    mapping: mapping.name,
    file: mapping.file,
    format: mapping.format,
    ...columnsOf(prepared, mapping.where),
    secrets: [],
    unique: key,
    order: both,
    required: both,
    inline: host === undefined ? undefined : inline,
    checks: checksOf(prepared, mapping.properties, association?.properties ?? []),
  }
}

function secretsOf(
  { entityType, properties }: EntityMapping,
  { all, of }: Pick<EntityColumns, 'all' | 'of'>,
  model: EntityModel,
): readonly SecretColumn[] {
  const secrets = new Set(
    model.entityTypes
      .get(entityType)
      ?.properties.filter(isSecret)
      .map(({ name }) => name),
  )
  return properties
    .filter(({ property }) => secrets.has(property))
    .map(({ property }) => ({ column: namesOf(all).indexOf(of(property).name), entityType, property }))
}

function namesOf(columns: readonly PreparedColumn[]): readonly string[] {
  return columns.map(({ name }) => name)
}

type Columns = 'columns' | 'sourceColumns' | 'wanted' | 'shaping' | 'spelled' | 'cleansed'

function columnsOf({ all, key }: AnyColumns, where: RowFilter | undefined): Pick<Projection, Columns> {
  const shapes = all.map(({ shape }) => shape)
  const shaped = where !== undefined || shapes.some((shape) => shape !== undefined)
  return {
    columns: namesOf(all),
    sourceColumns: all.map(({ column }) => column),
    wanted: [...new Set([...all.flatMap(columnsRead), ...(where?.columns ?? [])])],
    shaping: shaped ? { shapes, absent: all.map(({ absent }) => absent), where } : undefined,
    spelled: all.flatMap(({ name, spelling }, column) =>
      spelling === undefined ? [] : [{ column, spelling, isKey: name === key?.name }],
    ),
    cleansed: all.flatMap(({ shape, absent: written, composed, blankIsNobody }, column) => {
      // What a value is made of has been looked at; what is made is meant.
      const absent = shape === undefined ? written : []
      return absent.length > 0 || composed || blankIsNobody
        ? [{ column, absent, composed, blankIsNobody }]
        : []
    }),
  }
}

type AnyColumns = Pick<EntityColumns, 'all' | 'of' | 'partsOf'> & Partial<Pick<EntityColumns, 'key'>>

function checksOf(
  prepared: AnyColumns,
  mappings: readonly PropertyMapping[],
  properties: readonly Property[],
): readonly ColumnCheck[] {
  return mappings.flatMap((mapping) => {
    const property = properties.find(({ name }) => name === mapping.property)
    if (property === undefined) return []
    const { spelling } = prepared.of(mapping.property)
    // What stands in one spelling is read without the source's format.
    const format = spelling === undefined || property.type === 'reference' ? mapping : {}
    const legal =
      mapping.timeZone === undefined || spelling === undefined
        ? legalValue(property, format)
        : spelledOnly(spellingOf(property, {}), spelling)
    const anyText = property.type === 'string' || property.type === 'text' || property.type === 'secret'
    if (anyText && !property.required) return []
    return prepared.partsOf(mapping.property).map(({ name }) => ({
      column: namesOf(prepared.all).indexOf(name),
      required: property.required,
      legal,
      property,
      format,
    }))
  })
}

/** What its mapping could not read stays as it came, and may look like a value to others; what it could is as Sluice writes the value itself. */
function spelledOnly(plain: Spelling | undefined, { expected }: Spelling): LegalValue {
  return { isLegal: (text) => plain?.of(text) === text, expected }
}

function samePath(a: string, b: string): boolean {
  return plainPath(a) === plainPath(b)
}
