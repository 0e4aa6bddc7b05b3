/**
 * The record of a run in `sluice_run`: begun before the work, closed with it.
 *
 * @module
 */
import type { DeliveryMode, RunReport, RunState } from '@sluice/model'
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
    `insert into sluice_run (delivery_id, source_id, mode, state, forced) values ($1, $2, $3, 'running', $4)
     returning run_id, started_at`,
    [of.deliveryId, of.sourceId, of.mode, of.forced],
  )
  return { runId: Number(row.run_id), startedAt: row.started_at }
}

export async function closeRun(
  session: Session,
  runId: number,
  state: RunState,
  report: RunReport,
  changeSet: ChangeSet | null = null,
): Promise<void> {
  await session.query(
    `update sluice_run set state = $2, finished_at = clock_timestamp(), report = $3, change_set = $4 where run_id = $1`,
    [runId, state, JSON.stringify(report), changeSet === null ? null : JSON.stringify(changeSet)],
  )
}

/** Runs that were at work when their process died: nothing of them was applied. */
export async function markInterrupted(session: Session, sourceId: number): Promise<void> {
  await session.query(
    `update sluice_run set state = 'interrupted', finished_at = clock_timestamp() where source_id = $1 and state = 'running'`,
    [sourceId],
  )
}
