/**
 * The record of a run in `sluice_run`: begun before the work, closed with it.
 *
 * @module
 */
import {
  type DeliveryMode,
  type RunByKind,
  type RunCause,
  type RunEvent,
  type RunReport,
  runLife,
  SluiceError,
  storableJson,
  storableText,
} from '@sluice/model'
import { one, run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { ClosedRun, OnRunClosed } from './run-closed.ts'
import type { RunOrigin } from './run-origin.ts'

export interface RunStart {
  readonly runId: number
  readonly startedAt: string
}

/**
 * On its own, outside of any transaction. A server need not wait for its disk: what the run does comes later in its log, so nothing of
 * it is ever there without this. PGlite's log dies with our process, which the record has to outlive (`ownProcess`: the database has one).
 */
export async function beginRun(
  session: Session,
  origin: RunOrigin,
  { forced, ownProcess }: { readonly forced: boolean; readonly ownProcess: boolean },
): Promise<RunStart> {
  return startOf(await one(session, insertRun(origin, forced, ownProcess ? withoutWaiting : sql.blank)))
}

const withoutWaiting = sql` where set_config('synchronous_commit', 'off', true) is not null`

function startOf({ run_id, started_at }: { readonly run_id: string; readonly started_at: string }): RunStart {
  return { runId: Number(run_id), startedAt: started_at }
}

function insertRun(
  { cause, by, source, delivery, mode, comment, reverts }: RunOrigin,
  forced: boolean,
  condition: SQL = sql.blank,
): Statement<{ run_id: string; started_at: string }> {
  const remark = comment === undefined ? sql.null : sql.value(storableText(comment))
  return statement(
    'runs/begin',
    sql`insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state, forced, comment, reverts)
     select ${sql.literal(cause)}, ${sql.literal(by.kind)}, ${sql.value(by.name)}, ${sql.value(delivery)}::uuid,
       (select source_id from sluice_source where name = ${sql.value(source)}), ${sql.literal(mode)}, ${sql.literal(runLife.start)}, ${sql.literal(forced)}, ${remark}, ${reverts === undefined ? sql.null : sql.literal(reverts)}${condition}
     returning run_id, started_at`,
  )
}

/**
 * Closes a run as the event does; `false` where its state ignores that, because another process has decided about it,
 * or found it interrupted. Whoever closes it in the transaction that applies it must then apply nothing.
 */
export async function closeRun(
  session: Session,
  of: {
    readonly runId: number
    readonly event: RunEvent
    readonly report: RunReport
    readonly way: ClosedRun['way']
    readonly onClosed: OnRunClosed
    /** Of a held run. */
    readonly changeSet?: ChangeSet | null
  },
): Promise<boolean> {
  const { runId, event, report, way, onClosed, changeSet = null } = of
  const kept = changeSet === null ? null : storableJson(changeSet)
  const { count } = await run(
    session,
    statement(
      'runs/close',
      sql`update sluice_run set state = ${sql.literal(runLife.destinationOf(event))}, finished_at = clock_timestamp(),
        report = ${sql.value(storableJson(report))}::jsonb, change_set = ${sql.value(kept)}::jsonb
     where run_id = ${sql.literal(runId)} and ${takes(event)}`,
    ),
  )
  if (count === 1) await onClosed(session, { report, way })
  return count === 1
}

/** Who decided about it, so that it is found by it. */
export async function rememberDecision(
  session: Session,
  runId: number,
  { by, at, reason }: NonNullable<RunReport['decision']>,
): Promise<void> {
  await run(
    session,
    statement(
      'runs/remember-decision',
      sql`update sluice_run set decided_by = ${sql.value(by)}, decided_at = ${sql.value(at)}::timestamptz, decided_reason = ${sql.value(reason)}
       where run_id = ${sql.literal(runId)}`,
    ),
  )
}

/** Says whether the run may still end as it is meant to; read after what it came from was locked. */
export async function isAtWork(session: Session, runId: number): Promise<boolean> {
  const { rows } = await run(
    session,
    statement(
      'runs/is-at-work',
      sql`select from sluice_run where run_id = ${sql.literal(runId)} and ${takes('passed')}`,
    ),
  )
  return rows.length === 1
}

/**
 * What the runs of a source come from that are recorded as at work, one entry each. Whoever has the lock of the source knows
 * that they are not.
 */
export async function findLeftAtWork(session: Session, source: string): Promise<readonly (string | null)[]> {
  const { rows } = await run(
    session,
    statement<{ delivery: string | null }>(
      'runs/find-left-at-work',
      sql`select delivery_id as delivery from sluice_run where ${leftAtWork(source)}`,
    ),
  )
  return rows.map(({ delivery }) => delivery)
}

/** Notes that nothing of them was applied; the deliveries that they came from. */
export async function markInterrupted(
  session: Session,
  source: string,
  onClosed: OnRunClosed,
): Promise<readonly string[]> {
  const { rows } = await run(session, interrupt(source))
  for (const row of rows) {
    const { run_id, started_at, cause, by_kind, by_name, delivery, mode } = row
    const origin: RunOrigin = { cause, by: { kind: by_kind, name: by_name }, delivery, source, mode }
    const start = startOf({ run_id, started_at })
    await onClosed(session, { report: reportWithout(origin, start, 'interrupted', {}), way: 'died' })
  }
  return rows.flatMap(({ delivery }) => delivery ?? [])
}

interface InterruptedRow {
  readonly run_id: string
  readonly started_at: string
  readonly cause: RunCause
  readonly by_kind: RunByKind
  readonly by_name: string
  readonly delivery: string | null
  readonly mode: DeliveryMode | null
}

function interrupt(source: string): Statement<InterruptedRow> {
  return statement(
    'runs/mark-interrupted',
    sql`update sluice_run set state = ${sql.literal(runLife.destinationOf('interrupted'))}, finished_at = clock_timestamp()
     where ${leftAtWork(source)} returning run_id, started_at, cause, by_kind, by_name, delivery_id as delivery, mode`,
  )
}

function leftAtWork(source: string) {
  return sql`source_id = (select source_id from sluice_source where name = ${sql.value(source)}) and ${takes('interrupted')}`
}

/** Condition: the run's state takes the event. */
function takes(event: RunEvent) {
  const states = runLife.statesThatTake(event).map((state) => sql.literal(state))
  return sql`state in (${sql.join(states, ', ')})`
}

/** What a run says that ended without a result. */
export function reportWithout(
  origin: RunOrigin,
  start: RunStart,
  event: RunEvent,
  { error, notes = [] }: { readonly error?: unknown; readonly notes?: readonly string[] },
): RunReport {
  return {
    run: start.runId,
    ...origin,
    state: runLife.destinationOf(event),
    startedAt: start.startedAt,
    finishedAt: new Date().toISOString(),
    entities: [],
    associations: [],
    exceeded: [],
    drift: null,
    decision: null,
    replacedBy: null,
    stages: [],
    notes,
    error: error === undefined ? null : errorFacts(error),
  }
}

function errorFacts(error: unknown): NonNullable<RunReport['error']> {
  return {
    code: error instanceof SluiceError ? error.code : 'SLUICE-DEFECT',
    // No text of PostgreSQL holds a NUL, and a message may quote a file that is none.
    message: error instanceof Error ? error.message : String(error),
    remedy: error instanceof SluiceError ? error.remedy : undefined,
  }
}

/** What no run ever worked on, or none works on any more, leaves a failed run, so that the list of runs tells of it. */
export async function recordRefusal(
  session: Session,
  origin: RunOrigin,
  { code, message, remedy }: NonNullable<RunReport['error']>,
  onClosed: OnRunClosed,
): Promise<RunReport> {
  const start = startOf(await one(session, insertRun(origin, false)))
  const report = { ...reportWithout(origin, start, 'failed', {}), error: { code, message, remedy } }
  await closeRun(session, { runId: start.runId, event: 'failed', report, way: 'refused', onClosed })
  return report
}
