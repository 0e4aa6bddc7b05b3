/**
 * Reads what runs said about themselves.
 *
 * @module
 */
import {
  type DeliveryMode,
  type RejectedRow,
  type RunByKind,
  type RunCause,
  type RunReport,
  type RunState,
  runReportSchema,
} from '@sluice/model'
import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { sourceLock } from '../layout/layout.ts'
import { pageSize } from './read-resources.ts'

interface RunRow {
  readonly run_id: string
  readonly cause: RunCause
  readonly by_kind: RunByKind
  readonly by_name: string
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
}

const runsOf = `
  select r.run_id, r.cause, r.by_kind, r.by_name, r.delivery_id, s.name as source, r.mode, r.state, r.started_at, r.finished_at, r.report,
    r.decided_by, r.decided_at, r.decided_reason,
    (select max(n.run_id) from sluice_run n where n.delivery_id = r.replaced_by and n.run_id > r.run_id) as replaced_by
  from sluice_run r left join sluice_source s on s.source_id = r.source_id`

export async function readRuns(
  database: Database,
  { source, limit = 50 }: { readonly source?: string | undefined; readonly limit?: number | undefined },
): Promise<readonly RunReport[]> {
  const { rows } = await database.session((session) =>
    session.query<RunRow>(
      `${runsOf} where $1::text is null or s.name = $1 order by r.run_id desc limit $2::bigint`,
      [source, Number.isFinite(limit) ? limit : null],
    ),
  )
  return await Promise.all(rows.map((row) => currentReport(database, row)))
}

export async function readRun(database: Database, id: number): Promise<RunReport | undefined> {
  const { rows } = await database.session((session) =>
    session.query<RunRow>(`${runsOf} where r.run_id = $1`, [id]),
  )
  return rows[0] ? await currentReport(database, rows[0]) : undefined
}

/** A run that says it is at work, while nobody holds its source, was left behind by a process that died. */
async function currentReport(database: Database, row: RunRow): Promise<RunReport> {
  const { state, source } = row
  if (state !== 'running' || source === null || (await database.isLocked(sourceLock(source))))
    return reportOf(row)
  // It may have ended since it was read.
  const { rows } = await database.session((session) =>
    session.query<RunRow>(`${runsOf} where r.run_id = $1`, [row.run_id]),
  )
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
  }
  if (row.report !== null) return { ...runReportSchema.parse(row.report), ...current }
  return {
    ...current,
    cause: row.cause,
    by: { kind: row.by_kind, name: row.by_name },
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

export async function* readRejectedRows(database: Database, run: number): AsyncGenerator<RejectedRow> {
  // The rows have no key of their own; where they lie in the table does not change.
  for (let behind = '(0,0)'; ; ) {
    const { rows } = await database.session((session) =>
      session.query(
        `select ctid::text as place, mapping, file, line, key, column_name as column, value, reason
         from sluice_rejected_row where run_id = $1 and ctid > $2::tid order by ctid limit ${pageSize}`,
        [run, behind],
      ),
    )
    for (const row of rows) yield rejectedRowSchema.parse(row)
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    behind = z.string().parse(last['place'])
  }
}
