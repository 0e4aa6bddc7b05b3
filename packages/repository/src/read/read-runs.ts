/**
 * Reads what runs said about themselves.
 *
 * @module
 */
import {
  type DeliveryMode,
  type RecordedRunState,
  type RejectedRow,
  type RunByKind,
  type RunCause,
  type RunReport,
  type RunState,
  runLife,
  runReportSchema,
} from '@sluice/model'
import { z } from 'zod'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { sourceLock } from '../layout/layout.ts'
import { allOf } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { PageSize } from './page-size.ts'
import { CursorError } from './read-errors.ts'

interface RunRow {
  readonly run_id: string
  readonly cause: RunCause
  readonly by_kind: RunByKind
  readonly by_name: string
  readonly comment: string | null
  readonly delivery_id: string | null
  readonly source: string | null
  readonly mode: DeliveryMode | null
  readonly state: RunState
  readonly started_at: string
  readonly finished_at: string | null
  readonly report: unknown
  readonly decided_by: string | null
  readonly decided_at: string | null
  readonly decided_reason: string | null
  readonly replaced_by: string | null
  readonly reverts: string | null
  readonly reverted_by: string | null
}

function runsWhere(name: string, which: SQL): Statement<RunRow> {
  return statement(
    name,
    sql`select run.run_id, run.cause, run.by_kind, run.by_name, run.comment, run.delivery_id, source.name as source, run.mode,
      run.state, run.started_at, run.finished_at, run.report, run.decided_by, run.decided_at, run.decided_reason,
      (select max(later.run_id) from sluice_run later
       where later.delivery_id = run.replaced_by and later.run_id > run.run_id) as replaced_by,
      run.reverts, (select max(undo.run_id) from sluice_run undo
       where undo.reverts = run.run_id and undo.state = ${sql.literal(runLife.destinationOf('passed'))}) as reverted_by
    from sluice_run run left join sluice_source source on source.source_id = run.source_id
    ${which}`,
  )
}

export interface RunsQuery {
  readonly source?: string | undefined
  /** In one of these states, as they are recorded. */
  readonly states?: readonly RecordedRunState[] | undefined
  /** Only those before this one. */
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** The newest ones. */
function newestRuns({ source, states, before, limit = 50 }: RunsQuery): Statement<RunRow> {
  const conditions = [
    ...(source === undefined ? [] : [sql`source.name = ${sql.value(source)}`]),
    ...(states === undefined ? [] : [sql`run.state = any(${sql.value(states)}::text[])`]),
    ...(before === undefined ? [] : [sql`run.run_id < ${sql.value(before)}::bigint`]),
  ]
  const of = conditions.length === 0 ? sql.blank : sql`where ${allOf(conditions)}`
  const most = Number.isFinite(limit) ? sql` limit ${sql.value(limit)}::bigint` : sql.blank
  return runsWhere('read/runs', sql`${of} order by run.run_id desc${most}`)
}

function runNumbered(id: number | string): Statement<RunRow> {
  return runsWhere('read/run', sql`where run.run_id = ${sql.value(id)}::bigint`)
}

export async function readRuns(database: Database, query: RunsQuery): Promise<readonly RunReport[]> {
  const { rows } = await database.session((session) => run(session, newestRuns(query)))
  return await Promise.all(rows.map((row) => currentReport(database, row)))
}

export async function readRun(database: Database, id: number): Promise<RunReport | undefined> {
  const { rows } = await database.session((session) => run(session, runNumbered(id)))
  return rows[0] ? await currentReport(database, rows[0]) : undefined
}

/** A run that says it is at work, while nobody holds its source, was left behind by a process that died. */
async function currentReport(database: Database, row: RunRow): Promise<RunReport> {
  const { state, source } = row
  if (state !== 'running' || source === null || (await database.isLocked(sourceLock(source))))
    return reportOf(row)
  // It may have ended since it was read.
  const { rows } = await database.session((session) => run(session, runNumbered(row.run_id)))
  const now = rows[0] ?? row
  return reportOf(now.state === 'running' ? { ...now, state: 'interrupted' } : now)
}

/** The run's own row knows its state better than the report, which was written before a decision. */
function reportOf(row: RunRow): RunReport {
  const current = {
    run: Number(row.run_id),
    state: row.state,
    finishedAt: row.finished_at,
    decision:
      row.decided_by === null || row.decided_at === null
        ? null
        : { by: row.decided_by, at: row.decided_at, reason: row.decided_reason },
    replacedBy: row.replaced_by === null ? null : Number(row.replaced_by),
    ...(row.reverts === null ? {} : { reverts: Number(row.reverts) }),
    ...(row.reverted_by === null ? {} : { revertedBy: Number(row.reverted_by) }),
  }
  if (row.report !== null) return { ...runReportSchema.parse(row.report), ...current }
  return {
    ...current,
    cause: row.cause,
    by: { kind: row.by_kind, name: row.by_name },
    comment: row.comment,
    delivery: row.delivery_id,
    source: row.source,
    mode: row.mode,
    startedAt: row.started_at,
    entities: [],
    associations: [],
    exceeded: [],
    drift: null,
    stages: [],
    notes: [],
    error: null,
  }
}

const rejectedRowSchema = z.object({
  mapping: z.string(),
  file: z.string(),
  line: z.coerce.number().nullable(),
  key: z.string().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
}) satisfies z.ZodType<RejectedRow>

interface PlacedRow extends Row {
  readonly place: string
}

export interface RejectedRowsQuery {
  readonly limit?: number | undefined
  /** Goes on behind the row that had this cursor. */
  readonly cursor?: string | undefined
}

export type ListedRejectedRow = RejectedRow & { readonly cursor: string }

/** In the order in which they were found, read in pages. */
export async function* readRejectedRows(
  database: Database,
  runId: number,
  { limit = Number.POSITIVE_INFINITY, cursor }: RejectedRowsQuery = {},
): AsyncGenerator<ListedRejectedRow> {
  const pages = new PageSize()
  let behind = cursor === undefined ? '(0,0)' : placeOf(cursor)
  for (let left = limit; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const page = rejectedRows(runId, behind, size)
    const { rows } = await database.session((session) => run(session, page))
    pages.learn(rows)
    for (const row of rows) yield { ...rejectedRowSchema.parse(row), cursor: cursorOf(row.place) }
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    behind = last.place
    left -= rows.length
  }
}

/** `12-3` of the place `(12,3)`. */
function cursorOf(place: string): string {
  return place.slice(1, -1).replace(',', '-')
}

function placeOf(cursor: string): string {
  const [, block, offset] = /^(\d{1,9})-(\d{1,4})$/.exec(cursor) ?? []
  if (block === undefined || offset === undefined) throw new CursorError('it is not one that a list returned')
  return `(${block},${offset})`
}

/** The rows have no key of their own; where they lie in the table does not change. */
function rejectedRows(runId: number, behind: string, size: number): Statement<PlacedRow> {
  return statement(
    'read/rejected-rows',
    sql`select ctid::text as place, mapping, file, line, key, column_name as column, value, reason
    from sluice_rejected_row
    where run_id = (select coalesce(rejected_run, run_id) from sluice_run where run_id = ${sql.value(runId)}::bigint) and ctid > ${sql.value(behind)}::tid
    order by ctid limit ${sql.literal(size)}`,
  )
}
