/**
 * Reads what happened to one resource.
 *
 * The insert of a first load has no row of its own in the history; it is told from the resource's
 * `_created_run`.
 *
 * @module
 */

import type { RunByKind, RunCause, StoredModel } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { createdRunColumn, entityTable, identifier, literal } from '../layout/layout.ts'
import { readModel } from './read-model.ts'
import type { HistoryEntry, Values } from './read-types.ts'

interface HistoryRow {
  readonly run_id: string
  readonly started_at: string | null
  readonly cause: RunCause | null
  readonly by_kind: RunByKind | null
  readonly by_name: string | null
  readonly decided_by: string | null
  readonly source: string | null
  readonly entity_type: string
  readonly operation: HistoryEntry['operation']
  readonly key: string | null
  readonly before: Values | null
  readonly after: Values | null
}

/** Select list of what is told of the run `r` beside its changes. */
const who = 'r.started_at, r.cause, r.by_kind, r.by_name, r.decided_by'

export async function readHistory(database: Database, resourceId: string): Promise<readonly HistoryEntry[]> {
  return await database.session(async (session) => historyOf(session, await readModel(session), resourceId))
}

export async function historyOf(
  session: Session,
  model: StoredModel,
  resourceId: string,
): Promise<readonly HistoryEntry[]> {
  const { rows } = await session.query<HistoryRow>(
    `select h.run_id, ${who}, s.name as source, h.entity_type, h.operation, h.key, h.before, h.after
     from sluice_history h
     left join sluice_run r on r.run_id = h.run_id
     left join sluice_source s on s.source_id = r.source_id
     where h.resource_id = $1
     order by h.run_id desc, case h.operation when 'delete' then 0 when 'update' then 1 else 2 end`,
    [resourceId],
  )
  const entries = rows.map(entryOf)
  if (entries.some(({ operation }) => operation === 'insert')) return entries
  return [...entries, ...(await creation(session, model, resourceId))]
}

function entryOf(row: HistoryRow): HistoryEntry {
  return {
    run: Number(row.run_id),
    at: row.started_at,
    cause: row.cause,
    by: row.by_kind === null || row.by_name === null ? null : { kind: row.by_kind, name: row.by_name },
    approvedBy: row.decided_by,
    source: row.source,
    entityType: row.entity_type,
    operation: row.operation,
    key: row.key,
    before: row.before,
    after: row.after,
  }
}

async function creation(
  session: Session,
  model: StoredModel,
  resourceId: string,
): Promise<readonly HistoryEntry[]> {
  const tables = [...model.entityTypes.values()].filter((type) => !type.abstract)
  if (tables.length === 0) return []
  const found = tables.map(
    ({ name }) => `select ${literal(name)} as entity_type, ${createdRunColumn} as run_id
      from ${identifier(entityTable(name))} where resource_id = $1::bigint`,
  )
  const { rows } = await session.query<HistoryRow>(
    `select c.run_id, ${who}, s.name as source, c.entity_type,
            'insert' as operation, null as key, null as before, null as after
     from (${found.join(' union all ')}) c
     left join sluice_run r on r.run_id = c.run_id
     left join sluice_source s on s.source_id = r.source_id
     where c.run_id is not null`,
    [resourceId],
  )
  return rows.map(entryOf)
}
