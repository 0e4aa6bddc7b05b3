/**
 * One entity mapping put into SQL terms: which staged column feeds which column of the type's table,
 * through which expression.
 *
 * Staged columns are called c1, c2, … in the order of the prepared file, whatever the source calls
 * them, so that no header can break a statement.
 *
 * @module
 */
import {
  columnsOfEntityMapping,
  type EntityMapping,
  type EntityModel,
  type EntityType,
  keyColumnOf,
  type Property,
  type PropertyMapping,
  type ReferenceProperty,
} from '@sluice/model'
import { type Column, columnsOf } from '@sluice/repository'
import { fileContentExpression, scalarExpression, type ValueExpression } from './value-expressions.ts'
import { entityTypeOf, propertyOf } from './work.ts'

/** What a staged value has to fulfil, or its row is rejected. */
export interface ValueCheck extends Pick<ValueExpression, 'valid' | 'expected'> {
  readonly required: boolean
  readonly sourceColumn: string
  /** Staged column, without an alias. */
  readonly staged: string
}

/** A column of the type's table that gets a value from the file. */
export interface MappedValue extends ValueCheck, ValueExpression {
  readonly property: string
  /** Column of the type's table, unquoted, and its type. */
  readonly column: string
  readonly sqlType: string
}

/** A reference that is looked up by a value from the file. */
export interface MappedReference {
  readonly property: ReferenceProperty
  readonly by: string
  readonly column: string
  readonly sourceColumn: string
  readonly staged: string
}

export interface EntityShape {
  readonly mapping: EntityMapping
  readonly type: EntityType
  /** Header of the prepared file. */
  readonly columns: readonly string[]
  /** Staged column of the key. */
  readonly key: string
  readonly values: readonly MappedValue[]
  readonly references: readonly MappedReference[]
  /** Every value and reference, and the length of what goes into an index. */
  readonly checks: readonly ValueCheck[]
}

/** `lookedUp`: the properties of the type by which references and links find it. */
export function entityShape(
  model: EntityModel,
  mapping: EntityMapping,
  lookedUp: ReadonlySet<string>,
): EntityShape {
  const type = entityTypeOf(model, mapping.entityType)
  const columns = columnsOfEntityMapping(mapping)
  const staged = (column: string) => `c${columns.indexOf(column) + 1}`
  const pairs = mapping.properties.map((entry) => ({ entry, property: propertyOf(type, entry.property) }))
  const values = pairs.flatMap(({ entry, property }) => mappedValues(property, entry, staged))
  const references = pairs.flatMap(({ entry, property }) =>
    property.type === 'reference' ? [mappedReference(property, entry, staged)] : [],
  )
  const indexed = values.filter(({ property }) => property === mapping.key || lookedUp.has(property))
  return {
    mapping,
    type,
    columns,
    key: staged(keyColumnOf(mapping)),
    values,
    references,
    checks: [
      ...values,
      ...references.map((reference) => shortEnough(reference, reference.property.required)),
      ...indexed.map((value) => shortEnough(value, false)),
    ],
  }
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
    valid: `(octet_length(${staged}) <= ${longestIndexed})`,
    expected: `at most ${longestIndexed} bytes long, as what is looked up has to be`,
  }
}

function mappedValues(
  property: Property,
  entry: PropertyMapping,
  staged: (column: string) => string,
): readonly MappedValue[] {
  if (property.type === 'reference') return []
  const mapped = (
    { name: column, sqlType }: Column,
    sourceColumn: string,
    expression: ValueExpression,
    required: boolean,
  ) => ({
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
  const asText = (column: string): ValueExpression => ({
    valid: 'true',
    value: staged(column),
    expected: 'a text',
  })
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

function mappedReference(
  property: ReferenceProperty,
  entry: PropertyMapping,
  staged: (column: string) => string,
): MappedReference {
  if (entry.by === undefined) {
    throw new Error(`Reference ${property.name} has no "by"; the configuration check let it pass.`)
  }
  return {
    property,
    by: entry.by,
    column: columnsOf(property)[0].name,
    sourceColumn: entry.column,
    staged: staged(entry.column),
  }
}
