/**
 * Reads what happened to one resource, and to those that were merged into it.
 *
 * The insert of a first load has no row of its own in the history; it is told from the resource's
 * `_created_run`.
 *
 * @module
 */
import type { RunByKind, RunCause, StoredModel } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { createdRunColumn, entityTable } from '../layout/layout.ts'
import { unionAll } from '../sql/fragments.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import { familyOfMerges } from './read-merges.ts'
import { readModel } from './read-model.ts'
import type { HistoryEntry } from './read-types.ts'
import { recordedValues } from './recorded-values.ts'

interface HistoryRow {
  readonly resource_id: string
  readonly run_id: string
  readonly started_at: string | null
  readonly cause: RunCause | null
  readonly by_kind: RunByKind | null
  readonly by_name: string | null
  readonly comment: string | null
  readonly decided_by: string | null
  readonly source: string | null
  readonly entity_type: string
  readonly operation: HistoryEntry['operation']
  readonly key: string | null
  readonly before: string | null
  readonly after: string | null
}

/** Select list of what is told of the run beside its changes, and the joins that bring it, of changes `h`. */
const who = sql`run.started_at, run.cause, run.by_kind, run.by_name, run.comment, run.decided_by, source.name as source`
const itsRun = sql`left join sluice_run run on run.run_id = h.run_id
    left join sluice_source source on source.source_id = run.source_id`

export async function readHistory(database: Database, resourceId: string): Promise<readonly HistoryEntry[]> {
  return await database.session(async (session) => historyOf(session, await readModel(session), resourceId))
}

export async function historyOf(
  session: Session,
  model: StoredModel,
  resourceId: string,
): Promise<readonly HistoryEntry[]> {
  const { rows } = await run(session, recordedChanges(resourceId))
  const entries = rows.map((row) => entryOf(model, row))
  const isOwn = (entry: HistoryEntry) => entry.resourceId === resourceId
  if (entries.some((entry) => isOwn(entry) && entry.operation === 'insert')) return entries
  const created = creation(model, resourceId)
  if (created === undefined) return entries
  return [...entries, ...(await run(session, created)).rows.map((row) => entryOf(model, row))]
}

function recordedChanges(resourceId: string): Statement<HistoryRow> {
  return statement(
    'read/history',
    sql`select h.run_id, ${who}, h.resource_id, h.entity_type, h.operation, h.key, h.before::text, h.after::text
    from sluice_history h
    ${itsRun}
    where h.resource_id in (${familyOfMerges(resourceId)})
    order by h.run_id desc, case h.operation when 'delete' then 0 when 'update' then 1 else 2 end`,
  )
}

function entryOf(model: StoredModel, row: HistoryRow): HistoryEntry {
  const properties = model.entityTypes.get(row.entity_type)?.properties ?? []
  return {
    resourceId: row.resource_id,
    run: Number(row.run_id),
    at: row.started_at,
    cause: row.cause,
    by: row.by_kind === null || row.by_name === null ? null : { kind: row.by_kind, name: row.by_name },
    comment: row.comment,
    approvedBy: row.decided_by,
    source: row.source,
    entityType: row.entity_type,
    operation: row.operation,
    key: row.key,
    before: recordedValues(row.before, properties),
    after: recordedValues(row.after, properties),
  }
}

/** What the stored resource itself knows of its insert; `undefined` where no type can have resources. */
function creation(model: StoredModel, resourceId: string): Statement<HistoryRow> | undefined {
  const types = [...model.entityTypes.values()].filter((type) => !type.abstract)
  if (types.length === 0) return undefined
  const id = sql.value(resourceId)
  const found = types.map(
    ({ name }) =>
      sql`select ${sql.literal(name)} as entity_type, o.${sql.identifier(createdRunColumn)} as run_id
      from ${new Table(entityTable(name))} o where o.resource_id = ${id}::bigint`,
  )
  return statement(
    'read/creation',
    sql`select h.run_id, ${who}, ${id}::bigint as resource_id, h.entity_type, 'insert' as operation, null as key, null::text as before, null::text as after
    from (${unionAll(found)}) h
    ${itsRun}
    where h.run_id is not null`,
  )
}
