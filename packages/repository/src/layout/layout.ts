/**
 * How the model lies in PostgreSQL: the names of tables and columns and their SQL types.
 *
 * The one place that knows; migrations, the engine and the readers all ask here. Tables and columns
 * are plain and readable, because people and BI tools query them (principle 7).
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { type Association, type EntityModel, type EntityType, type Property, snakeCase } from '@sluice/model'
import { type SQL, sql } from '../sql/statement.ts'

/** Columns of our own begin with an underscore, which no property name can. */
export const createdRunColumn = '_created_run'
export const changedRunColumn = '_changed_run'
/** Primary key of every entity type's table; ids are drawn from one sequence for the whole repository. */
export const resourceIdColumn = 'resource_id'
export const resourceIdSequence = 'sluice_resource_id'

/**
 * Storage of tables whose rows are updated: a tenth of each page stays free for new versions of its rows, which then
 * need no new index entries.
 */
export const roomForUpdates = sql`with (fillfactor = 90)`

/** PostgreSQL cuts longer identifiers off without a word. */
export const longestIdentifier = 63

/** The name itself, or, when it is too long, its beginning and a digest of the whole. */
export function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestIdentifier) return name
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.slice(0, longestIdentifier - digest.length - 1)}_${digest}`
}

/** Table of one entity type, unquoted. It holds the resources of exactly this type. */
export function entityTable(entityType: string): string {
  return snakeCase(entityType)
}

/** View over a type and every type that extends it, unquoted; exists for types that are extended. */
export function familyView(entityType: string): string {
  return `${snakeCase(entityType)}_all`
}

/** Link table of one association, unquoted: source_id, from_id, to_id, then the link properties. */
export function linkTable(association: string): string {
  return snakeCase(association)
}

/** Replicas of one source and entity type, unquoted; their columns stand in `replica-layouts.ts`. */
export function replicaTable(source: string, entityType: string): string {
  return shortened(`replica_${snakeCase(source)}_${snakeCase(entityType)}`)
}

/** What is stored of the graphs that sources deliver, each with the number of its source. */
export const graphTables = [
  'sluice_graph_node',
  'sluice_graph_relationship',
  'sluice_graph_result',
  'sluice_graph_failure',
] as const

/** The types of columns that hold values. */
export type ColumnType =
  | 'text collate "C"'
  | 'bigint'
  | 'numeric'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'uuid'
  | 'bytea'
  | 'jsonb'
  | 'text[]'

export interface Column {
  /** Unquoted. */
  readonly name: string
  readonly sqlType: ColumnType
}

const columnTypes: Readonly<Record<ColumnType, SQL>> = {
  'text collate "C"': sql`text collate "C"`,
  bigint: sql`bigint`,
  numeric: sql`numeric`,
  boolean: sql`boolean`,
  date: sql`date`,
  timestamptz: sql`timestamptz`,
  uuid: sql`uuid`,
  bytea: sql`bytea`,
  jsonb: sql`jsonb`,
  'text[]': sql`text[]`,
}

/** The type of a column in a statement. */
export function typeOf({ sqlType }: Pick<Column, 'sqlType'>): SQL {
  return columnTypes[sqlType]
}

/** A column as its table is made with it. */
export interface DefinedColumn extends Column {
  /** What its values have to fulfil, as it stands behind the type. */
  readonly constraint?: SQL | undefined
}

/** As it stands in `create table` and behind `add column`. */
export function definitionOf({ name, sqlType, constraint }: DefinedColumn): SQL {
  const behind = constraint === undefined ? sql.blank : sql` ${constraint}`
  return sql`${sql.identifier(name)} ${typeOf({ sqlType })}${behind}`
}

/** The columns of a property: one, or three for a file. */
export function columnsOf(property: Property): readonly [Column, ...Column[]] {
  const name = snakeCase(property.name)
  switch (property.type) {
    // Text is compared by code unit everywhere, so that a database's collation decides nothing.
    case 'string':
    case 'text':
    case 'enum':
    case 'secret':
      return [{ name, sqlType: 'text collate "C"' }]
    case 'integer':
      return [{ name, sqlType: 'bigint' }]
    case 'decimal':
      return [{ name, sqlType: 'numeric' }]
    case 'boolean':
      return [{ name, sqlType: 'boolean' }]
    case 'date':
      return [{ name, sqlType: 'date' }]
    case 'datetime':
      return [{ name, sqlType: 'timestamptz' }]
    case 'uuid':
      return [{ name, sqlType: 'uuid' }]
    case 'reference':
      return [{ name: `${name}_id`, sqlType: 'bigint' }]
    case 'file':
      return [
        { name, sqlType: 'bytea' },
        { name: `${name}_filename`, sqlType: 'text collate "C"' },
        { name: `${name}_mediatype`, sqlType: 'text collate "C"' },
      ]
  }
}

/** Name of a property's first column, unquoted. */
export function columnOf(property: Property): string {
  return columnsOf(property)[0].name
}

/** The type and every type that extends it, directly or not; concrete ones only. */
export function family(model: EntityModel, entityType: string): readonly EntityType[] {
  return [...model.entityTypes.values()].filter((type) => !type.abstract && isA(model, type.name, entityType))
}

/** Names of the type and of all that it extends, nearest first: rows of any of them may have its resources. */
export function ancestry(model: EntityModel, entityType: string): readonly string[] {
  const base = model.entityTypes.get(entityType)?.extends
  return base === undefined ? [entityType] : [entityType, ...ancestry(model, base)]
}

export function isA(model: EntityModel, entityType: string, ancestor: string): boolean {
  for (let name: string | undefined = entityType; name; name = model.entityTypes.get(name)?.extends) {
    if (name === ancestor) return true
  }
  return false
}

/** Types that are extended have a view, and abstract ones, which have no table. */
export function hasFamilyView(model: EntityModel, type: EntityType): boolean {
  return type.abstract || [...model.entityTypes.values()].some((other) => other.extends === type.name)
}

/** Columns of a link table after from_id and to_id. */
export function linkColumns(association: Association): readonly Column[] {
  return association.properties.flatMap((property) => [...columnsOf(property)])
}

/** Name of the lock (`Database.exclusively`) that whoever synchronizes a source takes. */
export function sourceLock(source: string): string {
  return `source ${source}`
}
