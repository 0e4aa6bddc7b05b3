/**
 * The change set of entity types while it is made: one table per type with the rows as they will be.
 *
 * A change row carries every column of its type, so that applying it needs nothing else; the version
 * (`_base_version`) of the stored row it was computed from, so that an approval can tell whether the repository
 * moved in between; and where that row lies (`_base_place`), so that it is found again without an index.
 *
 * @module
 */
import { columnOfRow, commas, exists, more, type Statement, sql, statement, Table } from '@sluice/repository'
import { entityTypeOf, type RunContext } from '../context/run-context.ts'
import { manyRows } from '../context/work-tables.ts'
import { noPlace, noVersion } from '../sql/row-version.ts'
import { columnNames, resourcesOf } from '../sql/tables.ts'

export interface EntityChanges {
  /** Entity type → _operation, resource_id, _key, _base_version, _base_place, _drift, the type's columns. */
  readonly tables: ReadonlyMap<string, Table>
  /** Types whose rows were inserted straight away because nothing was stored. */
  readonly loaded: ReadonlySet<string>
  /** Entity type → (merged_id, kept_id): resources that go because they are merged into another. */
  readonly merged?: ReadonlyMap<string, Table> | undefined
}

export const noEntityChanges: EntityChanges = { tables: new Map(), loaded: new Set() }

/** What a change row does: `same` changes nothing, and says that the source owns the resource. */
export type ChangeOperation = 'insert' | 'update' | 'delete' | 'same'

/** With a change table of the type, which is made without rows where there is none yet. */
export async function withChangeTable(
  run: RunContext,
  changes: EntityChanges,
  entityType: string,
): Promise<{ readonly changes: EntityChanges; readonly table: Table }> {
  const existing = changes.tables.get(entityType)
  if (existing !== undefined) return { changes, table: existing }
  const names = columnNames(entityTypeOf(run.model, entityType))
  const { table } = await run.workTables.fill(changeTableOf(run, entityType), withoutRows(entityType, names))
  return { changes: withTable(changes, entityType, table), table }
}

export function changeTableOf({ workTables }: RunContext, entityType: string): Table {
  return workTables.named('changes', entityType)
}

export function withTable(changes: EntityChanges, entityType: string, table: Table): EntityChanges {
  return { ...changes, tables: new Map([...changes.tables, [entityType, table]]) }
}

/** Those of which there are any: a join with a table that is empty is one row by row all the same. */
export async function changesThatExist(
  { session }: Pick<RunContext, 'session'>,
  changes: EntityChanges,
): Promise<EntityChanges> {
  const tables = new Map<string, Table>()
  for (const [entityType, table] of changes.tables)
    if (await exists(session, statement(`changes/any ${entityType}`, sql`select from ${table}`)))
      tables.set(entityType, table)
  return { ...changes, tables }
}

function withoutRows(entityType: string, names: readonly string[]): Statement {
  return statement(
    `changes/begin ${entityType}`,
    sql`select ''::text as _operation, o.resource_id, null::text collate "C" as _key, ${noVersion} as _base_version,
      ${noPlace} as _base_place, null::boolean as _drift${more(names.map((name) => columnOfRow(sql`o`, name)))}
    from ${resourcesOf(entityType)} o where false`,
  )
}

/** Where rows of a change table are looked up one by one; does nothing the second time. */
export function indexChanges(table: Table): Statement {
  const index = new Table(`${table.name.slice(0, 58)}_id`)
  return statement('changes/index', sql`create index if not exists ${index} on ${table} (resource_id)`)
}

/** In the order in which a page of them is read behind another, and found by their keys. */
export function orderChanges(table: Table, order: readonly string[]): Statement {
  const columns = order.map((name) => sql.identifier(name))
  return statement('changes/order', sql`create index on ${table} (_operation, ${commas(columns)})`)
}

/** From so many rows on an index pays before the first look-up. */
export function isWorthIndex(rows: number): boolean {
  return rows >= manyRows
}
