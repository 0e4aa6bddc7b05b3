/**
 * One entity mapping put into SQL terms: which staged column feeds which column of the type's table,
 * through which expression.
 *
 * A staged column bears the name of the property it feeds (of the first, where it feeds several), whatever the source
 * calls it, so that no header can break a statement. Columns of the engine's own begin with an underscore, which no property name can.
 *
 * @module
 */
import {
  type EntityColumns,
  type EntityMapping,
  type EntityModel,
  type EntityType,
  entityColumns,
  entityReading,
  type PreparedColumn,
  type Property,
  type PropertyMapping,
  type Reading,
  type ReferenceProperty,
  snakeCase,
} from '@sluice/model'
import { type Column, type ColumnType, columnsOf, lookedUpAs, type SQL, sql } from '@sluice/repository'
import { entityTypeOf, propertyOf } from '../context/run-context.ts'
import { rowSize } from './row-size.ts'
import { fileContentExpression, scalarExpression, type ValueExpression } from './value-expressions.ts'

/** What a staged value has to fulfil, or its row is rejected. */
export interface ValueCheck extends Pick<ValueExpression, 'valid' | 'expected' | 'untold'> {
  readonly required: boolean
  readonly sourceColumn: string
  /** Staged column, without an alias. */
  readonly staged: SQL
}

/** A column of the type's table that gets a value from the staged rows. */
export interface MappedValue extends ValueCheck, ValueExpression {
  readonly property: string
  /** Column of the type's table, unquoted, and its type. */
  readonly column: string
  readonly sqlType: ColumnType
}

/** A reference that is looked up by a staged value. */
export interface MappedReference {
  readonly property: ReferenceProperty
  readonly by: string
  /** Column of the type's table, unquoted. */
  readonly column: string
  readonly sourceColumn: string
  readonly staged: SQL
}

/** A staged column that holds the texts of several together. */
export interface ComposedColumn {
  /** Unquoted. */
  readonly name: string
  readonly of: readonly string[]
}

export interface EntityShape {
  readonly mapping: EntityMapping
  /** What the digests of its rows stand for, beside their values. */
  readonly reading: Reading
  readonly type: EntityType
  /** The staged columns, unquoted, in the order of the rows' fields. */
  readonly columns: readonly string[]
  /** Those that follow from others. */
  readonly composed: readonly ComposedColumn[]
  /** Staged column of the key; and its name, unquoted. */
  readonly key: SQL
  readonly keyName: string
  readonly values: readonly MappedValue[]
  readonly references: readonly MappedReference[]
  /** Every value and reference, and the length of what goes into an index. */
  readonly checks: readonly ValueCheck[]
  /** SQL: bytes of the row in the type's table; absent where no row can be too long for it. */
  readonly size: SQL | undefined
}

/** `lookedUp`: the properties of the type by which references and links find it. */
export function entityShape(
  model: EntityModel,
  mapping: EntityMapping,
  lookedUp: ReadonlySet<string>,
): EntityShape {
  const type = entityTypeOf(model, mapping.entityType)
  const prepared = entityColumns(mapping, model)
  const names = stagedNames(mapping.properties, prepared)
  const staged = (name: string) => sql.identifier(nameOfStaged(names, name))
  const pairs = mapping.properties.map((entry) => ({
    entry,
    property: propertyOf(type, entry.property),
    column: prepared.of(entry.property),
  }))
  const values = pairs.flatMap(({ entry, property, column }) =>
    mappedValues(property, readAs(column, entry), (name) =>
      staged(name === entry.column ? column.name : name),
    ),
  )
  const references = pairs.flatMap(({ entry, property, column }) =>
    property.type === 'reference'
      ? [
          mappedReference(
            property,
            entry,
            entry.parts === undefined ? staged(column.name) : sql.identifier(snakeCase(property.name)),
          ),
        ]
      : [],
  )
  const key = values.find(({ property }) => property === mapping.key)
  const indexed = values.filter(({ property }) => property === mapping.key || lookedUp.has(property))
  return {
    mapping,
    reading: entityReading(mapping, model),
    type,
    columns: prepared.all.map(({ name }) => nameOfStaged(names, name)),
    composed: mapping.properties.flatMap(({ property, parts }) =>
      parts === undefined
        ? []
        : [
            {
              name: snakeCase(property),
              of: prepared.partsOf(property).map(({ name }) => nameOfStaged(names, name)),
            },
          ],
    ),
    key: staged(prepared.key.name),
    keyName: nameOfStaged(names, prepared.key.name),
    values,
    references,
    checks: [
      ...values,
      ...references.map((reference) => shortEnough(reference, reference.property.required)),
      ...indexed.map((value) => shortEnough(value, false)),
      ...(key === undefined || prepared.key.spelling === undefined
        ? []
        : [inOneSpelling(propertyOf(type, mapping.key), key)]),
    ],
    size: rowSize([...values, ...references.map(asStored)]),
  }
}

/**
 * A shape of fewer properties than its mapping has, for commands that say nothing of the others: they stay as they are stored, and a new
 * row, which has none of them, lacks what is required.
 */
export function withoutColumns(shape: EntityShape, { properties }: EntityMapping): EntityShape {
  const known = new Set(shape.mapping.properties.map(({ property }) => property))
  const required = properties
    .filter(({ property }) => !known.has(property) && propertyOf(shape.type, property).required)
    .map(
      ({ column }): ValueCheck => ({
        staged: sql`(case when _replica_resource_id is not null then '' end)`,
        sourceColumn: column,
        required: true,
        valid: undefined,
        expected: 'a value',
      }),
    )
  return { ...shape, checks: [...shape.checks, ...required] }
}

function asStored({ staged }: MappedReference) {
  return {
    sqlType: 'bigint',
    staged,
    value: sql`case when ${staged} is not null then 0::bigint end`,
  } as const
}

/** What stands in one spelling is read without the source's format. */
export function readAs({ spelling }: PreparedColumn, entry: PropertyMapping): PropertyMapping {
  if (spelling === undefined) return entry
  const { property, column, by, format, timeZone } = entry
  // Only of a time with a zone prepare may have left a text that is none.
  return timeZone === undefined ? { property, column, by } : { property, column, by, format, timeZone }
}

/** Column of the prepared file → staged column. No property has a point in its name. */
export function stagedNames(
  properties: readonly PropertyMapping[],
  prepared: Pick<EntityColumns, 'partsOf'>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const add = (column: string | undefined, name: string) => {
    if (column !== undefined && !names.has(column)) names.set(column, name)
  }
  for (const { property, fileNameColumn, mediaTypeColumn } of properties) {
    const name = snakeCase(property)
    const [column, ...others] = prepared.partsOf(property)
    if (others.length === 0) add(column?.name, name)
    // The name itself is for all of them together.
    else for (const [n, part] of [column, ...others].entries()) add(part?.name, `${name}.${n + 1}`)
    add(fileNameColumn, `${name}.filename`)
    add(mediaTypeColumn, `${name}.mediatype`)
  }
  return names
}

export function nameOfStaged(names: ReadonlyMap<string, string>, column: string): string {
  const name = names.get(column)
  if (name === undefined) throw new Error(`Column ${column} feeds nothing; it should not have been staged.`)
  return name
}

/** PostgreSQL's indexes take 2,704 bytes; a longer entry would end the whole run with an error. */
const longestIndexed = 2500

function shortEnough(
  { staged, sourceColumn }: Pick<ValueCheck, 'staged' | 'sourceColumn'>,
  required: boolean,
): ValueCheck {
  return {
    staged,
    sourceColumn,
    required,
    valid: sql`(octet_length(${staged}) <= ${sql.literal(longestIndexed)})`,
    expected: `at most ${longestIndexed} bytes long, because rows are looked up by it`,
  }
}

/** Two spellings of one value would be two resources; prepare writes one. */
function inOneSpelling(
  property: Property,
  { staged, sourceColumn, valid, value, expected }: MappedValue,
): ValueCheck {
  const spelled = sql`(${staged} = ${lookedUpAs(property, sql`(${value})`)})`
  return {
    staged,
    sourceColumn,
    required: false,
    valid: valid === undefined ? spelled : sql`(case when ${valid} then ${spelled} else true end)`,
    expected: `${expected} in the spelling of prepared files`,
  }
}

function mappedValues(
  property: Property,
  entry: PropertyMapping,
  staged: (column: string) => SQL,
): readonly MappedValue[] {
  if (property.type === 'reference') return []
  const mapped = (
    { name: column, sqlType }: Column,
    sourceColumn: string,
    expression: ValueExpression,
    required: boolean,
  ): MappedValue => ({
    property: property.name,
    required,
    column,
    sqlType,
    sourceColumn,
    staged: staged(sourceColumn),
    ...expression,
  })
  const [first, fileName, mediaType] = columnsOf(property)
  const text = staged(entry.column)
  if (property.type !== 'file') {
    return [mapped(first, entry.column, scalarExpression(property, entry, text), property.required)]
  }
  const asText = (column: string): ValueExpression => ({ value: staged(column), expected: 'a text' })
  return [
    mapped(first, entry.column, fileContentExpression(entry, text), property.required),
    ...(fileName && entry.fileNameColumn
      ? [mapped(fileName, entry.fileNameColumn, asText(entry.fileNameColumn), false)]
      : []),
    ...(mediaType && entry.mediaTypeColumn
      ? [mapped(mediaType, entry.mediaTypeColumn, asText(entry.mediaTypeColumn), false)]
      : []),
  ]
}

function mappedReference(property: ReferenceProperty, entry: PropertyMapping, staged: SQL): MappedReference {
  if (entry.by === undefined) {
    throw new Error(`Reference ${property.name} has no "by"; the configuration check let it pass.`)
  }
  return {
    property,
    by: entry.by,
    column: columnsOf(property)[0].name,
    sourceColumn: entry.column,
    staged,
  }
}
