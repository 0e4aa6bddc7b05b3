/**
 * The change set while it is made: one table per entity type with the rows as they will be, one per
 * association.
 *
 * A change row carries every column of its type, so that applying it needs nothing else; the version
 * (`_base_xid`) of the stored row it was computed from, so that an approval can tell whether the repository
 * moved in between; and where that row lies (`_base_place`), so that it is found again without an index.
 *
 * @module
 */
import { identifier } from '@sluice/repository'
import { columnNames, entityTypeOf, tableOf, type Work } from './work.ts'
import { createWorkTable, workTable } from './work-tables.ts'

export interface ChangeTables {
  /** Entity type → quoted table: _operation, resource_id, _key, _base_xid, _base_place, _drift, the type's columns. */
  readonly entities: Map<string, string>
  /** Those of the tables that have an index. */
  readonly indexed: Set<string>
  /** Entity types whose rows were inserted straight away because nothing was stored. */
  readonly loaded: Set<string>
  /** _operation, _drift, source_id, from_id, to_id, the association's columns; by `source.association`. */
  readonly links: Map<string, LinkChangeTable>
  /** Rows of this run's own mappings whose references are decided by what they say; by entity mapping. */
  readonly attached: Map<string, string>
  /** SQL subquery (operation, key, resource_id, digest) by entity mapping. */
  readonly replicas: Map<string, string>
}

interface LinkChangeTable {
  readonly source: string
  readonly association: string
  readonly table: string
}

/** None yet: each is made when it is first asked for. */
export function noChangeTables(): ChangeTables {
  return {
    entities: new Map(),
    indexed: new Set(),
    loaded: new Set(),
    links: new Map(),
    attached: new Map(),
    replicas: new Map(),
  }
}

/** Makes the change table of an entity type of its first rows; returns it, and how many they are. */
export async function createEntityChanges(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  rows: string,
): Promise<{ readonly table: string; readonly count: number }> {
  const table = workTable(work, 'change', entityType)
  const count = await createWorkTable(work, table, rows)
  tables.entities.set(entityType, table)
  return { table, count }
}

/** The change table of an entity type; made when it is first asked for. */
export async function entityChangeTable(
  work: Work,
  tables: ChangeTables,
  entityType: string,
): Promise<string> {
  const existing = tables.entities.get(entityType)
  if (existing !== undefined) return existing
  const columns = columnNames(entityTypeOf(work.model, entityType)).map((name) => `o.${identifier(name)}`)
  const { table } = await createEntityChanges(
    work,
    tables,
    entityType,
    `select ''::text as _operation, o.resource_id, null::text collate "C" as _key, o.xmin as _base_xid, o.ctid as _base_place, null::boolean as _drift${columns.map((c) => `, ${c}`).join('')}
    from ${tableOf(entityType)} o where false`,
  )
  return table
}

/** By `resource_id`, where rows are looked up one by one. */
export async function indexEntityChanges(work: Work, tables: ChangeTables, table: string): Promise<void> {
  if (tables.indexed.has(table)) return
  tables.indexed.add(table)
  await work.session.execute(`create index on ${table} (resource_id)`)
}

/** The change table of one source's links of an association; made when it is first asked for. */
export async function linkChangeTable(
  work: Work,
  tables: ChangeTables,
  source: string,
  association: string,
): Promise<string> {
  const id = `${source}.${association}`
  const existing = tables.links.get(id)
  if (existing !== undefined) return existing.table
  const table = workTable(work, 'link', `${tables.links.size + 1}_${association}`)
  await createWorkTable(
    work,
    table,
    `select ''::text as _operation, null::boolean as _drift, l.* from ${tableOf(association)} l where false`,
  )
  tables.links.set(id, { source, association, table })
  return table
}
