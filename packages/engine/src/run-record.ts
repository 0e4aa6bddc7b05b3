/**
 * The record of a run in `sluice_run`: begun before the work, closed with it.
 *
 * @module
 */
import { type DeliveryMode, type RunEvent, type RunReport, runLife, SluiceError } from '@sluice/model'
import type { Session } from '@sluice/repository'
import type { ChangeSet } from './terms/change-set.ts'
import { single } from './terms/work.ts'

export interface RunStart {
  readonly runId: number
  readonly startedAt: string
}

export async function beginRun(
  session: Session,
  of: {
    readonly deliveryId: string
    readonly sourceId: number
    readonly mode: DeliveryMode
    readonly forced: boolean
  },
): Promise<RunStart> {
  const row = await single<{ run_id: string; started_at: string }>(
    session,
    `insert into sluice_run (delivery_id, source_id, mode, state, forced) values ($1, $2, $3, $4, $5)
     returning run_id, started_at`,
    [of.deliveryId, of.sourceId, of.mode, runLife.start, of.forced],
  )
  return { runId: Number(row.run_id), startedAt: row.started_at }
}

/**
 * Closes a run as the event does; `false` where its state ignores that, because another process has decided about it,
 * or found it interrupted. Whoever closes it in the transaction that applies it must then apply nothing.
 */
export async function closeRun(
  session: Session,
  runId: number,
  event: RunEvent,
  report: RunReport,
  changeSet: ChangeSet | null = null,
): Promise<boolean> {
  const { count } = await session.query(
    `update sluice_run set state = $2, finished_at = clock_timestamp(), report = $3, change_set = $4
     where run_id = $1 and state = any($5)`,
    [
      runId,
      runLife.destinationOf(event),
      JSON.stringify(report),
      changeSet === null ? null : JSON.stringify(changeSet),
      runLife.statesThatTake(event),
    ],
  )
  return count === 1
}

/** Runs that were at work when their process died: nothing of them was applied. */
export async function markInterrupted(session: Session, sourceId: number): Promise<void> {
  await session.query(
    'update sluice_run set state = $2, finished_at = clock_timestamp() where source_id = $1 and state = any($3)',
    [sourceId, runLife.destinationOf('interrupted'), runLife.statesThatTake('interrupted')],
  )
}

interface OfDelivery {
  readonly id: string
  readonly source: string
  readonly mode: DeliveryMode
}

/** What a run says that ended without a result. */
export function reportWithout(
  delivery: OfDelivery,
  start: RunStart,
  event: RunEvent,
  { error, notes = [] }: { readonly error?: unknown; readonly notes?: readonly string[] },
): RunReport {
  return {
    run: start.runId,
    delivery: delivery.id,
    source: delivery.source,
    mode: delivery.mode,
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
    message: (error instanceof Error ? error.message : String(error)).replaceAll('\0', '\ufffd'),
    remedy: error instanceof SluiceError ? error.remedy : undefined,
  }
}

/** A delivery that no run ever worked on leaves a failed run, so that the list of runs tells of it. */
export async function recordRefusal(
  session: Session,
  delivery: OfDelivery,
  error: SluiceError,
): Promise<void> {
  const { rows } = await session.query<{ source_id: number }>(
    'select source_id from sluice_delivery where delivery_id = $1',
    [delivery.id],
  )
  const sourceId = rows[0]?.source_id
  if (sourceId === undefined) return
  const start = await beginRun(session, {
    deliveryId: delivery.id,
    sourceId,
    mode: delivery.mode,
    forced: false,
  })
  await closeRun(session, start.runId, 'failed', reportWithout(delivery, start, 'failed', { error }))
}
