/**
 * What one mapping wants from its file: which columns, in which order, and what makes a row unique.
 *
 * Entity and association mappings differ only here; everything after works on projections.
 *
 * @module
 */
import {
  type AssociationMapping,
  type EntityMapping,
  type EntityModel,
  type FileFormat,
  type LegalValue,
  legalValue,
  type Property,
  type PropertyMapping,
  plainPath,
  type Reading,
  readingsOf,
  type Source,
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

interface ColumnCheck {
  readonly column: number
  readonly required: boolean
  readonly legal: LegalValue
}

/** The projections of all mappings: entity types first, then associations, as configured. */
export function projectionsOf(source: Source, model: EntityModel): readonly Projection[] {
  const readings = readingsOf(source, model)
  return [
    ...source.entities.map((mapping) => entityProjection(mapping, model)),
    ...source.associations.map((mapping) => associationProjection(mapping, source, model)),
  ].map((projection) => ({ ...projection, reading: readings.get(projection.mapping) ?? {} }))
}

type Unread = Omit<Projection, 'reading'>

function entityProjection(mapping: EntityMapping, model: EntityModel): Unread {
  const columns = unique(mapping.properties.flatMap(columnsOf))
  const keyColumn = mapping.properties.find(({ property }) => property === mapping.key)?.column ?? mapping.key
  const all = unique([...columns, keyColumn])
  const key = [all.indexOf(keyColumn)]
  const { name, file, format } = mapping
  return {
    mapping: name,
    file,
    format,
    columns: all,
    unique: key,
    order: key,
    required: key,
    inline: undefined,
    checks: checksOf(all, mapping.properties, model.entityTypes.get(mapping.entityType)?.properties ?? []),
  }
}

function associationProjection(mapping: AssociationMapping, source: Source, model: EntityModel): Unread {
  const columns = unique([mapping.from.column, mapping.to.column, ...mapping.properties.flatMap(columnsOf)])
  const from = columns.indexOf(mapping.from.column)
  const to = columns.indexOf(mapping.to.column)
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
    columns,
    unique: key,
    order: both,
    required: both,
    inline: host === undefined ? undefined : inline,
    checks: checksOf(columns, mapping.properties, association?.properties ?? []),
  }
}

function checksOf(
  columns: readonly string[],
  mappings: readonly PropertyMapping[],
  properties: readonly Property[],
): readonly ColumnCheck[] {
  return mappings.flatMap((mapping) => {
    const property = properties.find(({ name }) => name === mapping.property)
    if (property === undefined) return []
    const legal = legalValue(property, mapping)
    const anyText = property.type === 'string' || property.type === 'text'
    if (anyText && !property.required) return []
    return [{ column: columns.indexOf(mapping.column), required: property.required, legal }]
  })
}

function columnsOf(mapping: EntityMapping['properties'][number]): readonly string[] {
  return [mapping.column, mapping.fileNameColumn, mapping.mediaTypeColumn].filter(
    (column) => column !== undefined,
  )
}

function unique(columns: readonly string[]): readonly string[] {
  return [...new Set(columns)]
}

function samePath(a: string, b: string): boolean {
  return plainPath(a) === plainPath(b)
}
