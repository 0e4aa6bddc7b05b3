/**
 * A mapping of a shared entity type put into SQL terms: which column of the table of asserted values feeds which column of the type's
 * table.
 *
 * Asserted values are texts in the form in which PostgreSQL writes the value itself. NULL asserts nothing, an empty text that there is no
 * value.
 *
 * @module
 */
import type {
  Association,
  AttributePolicy,
  EntityMapping,
  EntityModel,
  EntityType,
  Federation,
  LinkSetMapping,
  Property,
  PropertyMapping,
  ReferenceProperty,
  Source,
} from '@sluice/model'
import { keyOnly, scopeOf, snakeCase } from '@sluice/model'
import {
  anyOf,
  assertedColumns,
  type Column,
  columnOfRow,
  columnsOf,
  commas,
  type SQL,
  sql,
  type Table,
  unionAll,
} from '@sluice/repository'
import { entityTypeOf, type KnownSource, propertyOf } from '../context/run-context.ts'
import { assertedOf, columnNames, replicasOf, resourcesOf } from './tables.ts'
import { fileContentExpression, scalarExpression, type ValueExpression } from './value-expressions.ts'

/** One property as a source asserts it. */
export interface SharedProperty {
  readonly property: Property
  /** `false`: it serves to find resources, and its values are not written. */
  readonly update: boolean
  readonly policy: AttributePolicy
  readonly precedence: number
  /** Columns of asserted values, unquoted: three of a file, else one. */
  readonly asserted: readonly [string, ...string[]]
  /** Columns of the type's table. */
  readonly columns: readonly [Column, ...Column[]]
  /** Of a reference: the property of its target that its values name, or `resource_id`. */
  readonly by: string | undefined
}

export interface SharedShape {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: EntityMapping
  readonly federation: Federation
  /** What its rows create, and say. */
  readonly type: EntityType
  /** Concrete types of which its rows have resources: the type itself, or those of its scope. */
  readonly types: readonly EntityType[]
  /** Relation (resource_id, the columns of the type) of the resources of these. */
  readonly resources: SQL | Table
  /** What it asserts, and its replicas. */
  readonly asserted: Table
  readonly replicas: Table
  readonly properties: readonly SharedProperty[]
  readonly linkSets: readonly SharedLinkSet[]
}

/** A column of asserted values that holds the links of its row. */
export interface SharedLinkSet {
  readonly mapping: LinkSetMapping
  readonly association: Association
  /** Unquoted. */
  readonly column: string
}

export function sharedShape(
  model: EntityModel,
  { source, id }: KnownSource,
  mapping: EntityMapping,
): SharedShape {
  const type = entityTypeOf(model, mapping.entityType)
  const types = scopeOf(mapping).map((name) => entityTypeOf(model, name))
  return {
    source,
    sourceId: id,
    mapping,
    federation: mapping.federation ?? keyOnly,
    type,
    types,
    resources: resourcesIn(type, types),
    asserted: assertedOf(type.name, id),
    replicas: replicasOf(source.name, type.name),
    properties: mapping.properties.map((entry) => sharedProperty(source, type, entry)),
    linkSets: (mapping.linkSets ?? []).flatMap((set) => {
      const association = model.associations.get(set.association)
      return association === undefined ? [] : [{ mapping: set, association, column: snakeCase(set.name) }]
    }),
  }
}

/** Every one of the types has the columns of the type that it extends. */
function resourcesIn(type: EntityType, types: readonly EntityType[]): SQL | Table {
  const [only, ...others] = types
  if (only !== undefined && others.length === 0 && only.name === type.name) return resourcesOf(type.name)
  const names = ['resource_id', ...columnNames(type)].map((name) => sql.identifier(name))
  return sql`(${unionAll(types.map(({ name }) => sql`select ${commas(names)} from ${resourcesOf(name)}`))})`
}

/** The shape as it is for the resources of one type of its scope. */
export function withinType(shape: SharedShape, type: EntityType): SharedShape {
  if (type.name === shape.type.name && shape.types.length === 1) return shape
  const mapping = { ...shape.mapping, name: `${shape.mapping.name}_${type.name}` }
  return { ...shape, mapping, type, types: [type], resources: resourcesOf(type.name) }
}

function sharedProperty(source: Source, type: EntityType, entry: PropertyMapping): SharedProperty {
  const property = propertyOf(type, entry.property)
  return {
    property,
    update: entry.update !== false,
    policy: entry.policy ?? 'master_locked',
    precedence: entry.precedence ?? source.precedence ?? 0,
    asserted: assertedColumns(property),
    columns: columnsOf(property),
    by: entry.by,
  }
}

/** The texts of a property in the row `alias` of asserted values. */
export function textsOf({ asserted }: SharedProperty, alias: SQL): readonly [SQL, ...SQL[]] {
  const [first, ...others] = asserted
  return [columnOfRow(alias, first), ...others.map((name) => columnOfRow(alias, name))]
}

/** The row asserts something of the property; of a file all of its parts, for else it is left alone. */
export function isAsserted(property: SharedProperty, alias: SQL): SQL {
  const texts = textsOf(property, alias).map((text) => sql`${text} is not null`)
  return sql`(${sql.join(texts, ' and ')}${isWhole(property, alias)})`
}

function isWhole(property: SharedProperty, alias: SQL): SQL {
  if (property.property.type !== 'file') return sql.blank
  const empty = textsOf(property, alias).map((text) => sql`${text} = ''`)
  return sql` and (${sql.join(empty, ' and ')} or not (${anyOf(empty)}))`
}

/** A text of the row that is not empty, or null. */
function filled(text: SQL): SQL {
  return sql`nullif(${text}, '')`
}

function expressionOf({ property }: SharedProperty, text: SQL): ValueExpression {
  if (property.type === 'reference') return { value: text, expected: 'the name of a resource' }
  const plain = { property: property.name, column: property.name }
  return property.type === 'file'
    ? fileContentExpression(plain, text)
    : scalarExpression(property, plain, text)
}

/** Condition: the row asserts a text that the property cannot hold; `undefined` where it can hold every one. */
export function isIllegal(property: SharedProperty, alias: SQL): SQL | undefined {
  const text = filled(textsOf(property, alias)[0])
  const { valid } = expressionOf(property, text)
  return valid === undefined ? undefined : sql`(${text} is not null and not (${valid}))`
}

/** What a legal text of the property looks like, for people. */
export function expectedOf(property: SharedProperty): string {
  return expressionOf(property, sql.null).expected
}

/** Values for the columns of a property that is no reference; null where the text is none, or illegal. */
export function valuesOf(property: SharedProperty, alias: SQL): readonly SQL[] {
  const [text, ...others] = textsOf(property, alias).map(filled)
  const { valid, value } = expressionOf(property, text ?? sql.null)
  const first = valid === undefined ? value : sql`case when ${valid} then ${value} end`
  return [first, ...others]
}

export type SharedReference = SharedProperty & { readonly property: ReferenceProperty }

export function isReference(property: SharedProperty): property is SharedReference {
  return property.property.type === 'reference'
}
