/**
 * A held run: read and locked by whoever decides about it, and replaced by another one.
 *
 * @module
 */
import {
  AnsweredError,
  type RecordedRunState,
  type RunEvent,
  type RunReport,
  runLife,
  runReportSchema,
} from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { type ChangeSet, changeSetSchema } from '../changes/change-set.ts'
import { dropChangeSet } from '../changes/keep-change-set.ts'
import type { EngineContext } from './engine-context.ts'
import { nobodyListens } from './run-closed.ts'
import { nothingToSettle, type Settlement } from './run-origin.ts'
import { closeRun } from './run-record.ts'

/** SLUICE-RUN-01: the run is not held, or no longer held, so it cannot be approved or rejected. */
export class RunNotHeldError extends AnsweredError {
  readonly code = 'SLUICE-RUN-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number, state: string | undefined) {
    super(state === undefined ? `There is no run ${run}.` : `Run ${run} is not held, it is ${state}.`, {
      remedy: 'sluice runs',
    })
  }
}

/**
 * SLUICE-RUN-03: the model has changed since the run was held, so its changes cannot be shown any more.
 *
 * They were computed for tables that have changed since. Approving computes the delivery again with the present model, and holds it again
 * if it exceeds a threshold; then look at that new run. Or reject the run, or run a complete.
 */
export class HeldModelChangedError extends AnsweredError {
  readonly code = 'SLUICE-RUN-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number) {
    super(
      `The model has changed since run ${run} was held, so its stored changes can no longer be shown or applied.`,
      {
        remedy: `sluice runs approve ${run} computes it again, and holds it again where it exceeds a threshold.`,
        details: { run },
      },
    )
  }
}

export interface HeldRun {
  readonly runId: number
  readonly report: RunReport
  readonly changeSet: ChangeSet
  /** The model has changed since, and the change set is of another one. */
  readonly modelChanged: boolean
  readonly settlement: Settlement
}

/**
 * Reads a held run and locks its row, so that two people cannot decide at once. What it came from is locked first, as
 * it is by whoever announces a complete: so they never wait for one another.
 */
export async function lockHeldRun(
  { settlementOf }: Pick<EngineContext, 'settlementOf'>,
  session: Session,
  runId: number,
): Promise<HeldRun> {
  const { rows: origins } = await run(session, originOf(runId))
  const [origin] = origins
  if (origin === undefined) throw new RunNotHeldError(runId, undefined)
  const settlement = settlementOf(origin)
  await settlement.lock(session)
  const { rows } = await run(session, heldRun(runId))
  const row = rows[0]
  if (row === undefined || !runLife.takes(row.state, 'approved')) throw new RunNotHeldError(runId, row?.state)
  return {
    runId,
    report: runReportSchema.parse(row.report),
    changeSet: changeSetSchema.parse(row.change_set),
    modelChanged: row.model_changed,
    settlement,
  }
}

type Origin = Pick<RunReport, 'cause' | 'delivery' | 'mode' | 'source'>

function originOf(runId: number): Statement<Origin> {
  return statement(
    'runs/origin',
    sql`select cause, delivery_id as delivery, mode, (select s.name from sluice_source s where s.source_id = r.source_id) as source
    from sluice_run r where run_id = ${sql.literal(runId)}`,
  )
}

/** SQL condition on a held row of `sluice_run`. Both times are taken under the lock of runs, so they tell which came first. */
export const modelChangedSince = sql`coalesce((select max(m.changed_at) from sluice_model m) > finished_at, false)`

function heldRun(
  runId: number,
): Statement<{ state: RecordedRunState; report: unknown; change_set: unknown; model_changed: boolean }> {
  return statement(
    'runs/lock-held',
    sql`select state, report, change_set, ${modelChangedSince} as model_changed from sluice_run where run_id = ${sql.literal(runId)} for update`,
  )
}

/** Another run takes its place: that of a later complete, or of its own delivery computed again. */
export async function replaceRun(
  session: Session,
  { runId, report: held, changeSet }: HeldRun,
  by: {
    /** The delivery whose run that is. */
    readonly replacement: string | null
    readonly event: Extract<RunEvent, 'overtaken' | 'outdated'>
    readonly reason: string
  },
): Promise<void> {
  await dropChangeSet(session, runId, changeSet)
  const report: RunReport = {
    ...held,
    state: runLife.destinationOf(by.event),
    finishedAt: new Date().toISOString(),
    notes: [...held.notes, by.reason],
  }
  // The run that takes its place tells what there is to tell.
  await closeRun(session, { runId, event: by.event, report, way: 'replaced', onClosed: nobodyListens })
  await run(
    session,
    statement(
      'runs/remember-replacement',
      sql`update sluice_run set replaced_by = ${sql.value(by.replacement)}::uuid where run_id = ${sql.literal(runId)}`,
    ),
  )
}

/** Lets a held run go because a later one takes its place. Whoever calls has locked what the run came from. */
export async function overtakeHeldRun(
  session: Session,
  runId: number,
  by: { readonly replacement: string | null; readonly reason: string },
): Promise<void> {
  const held = await lockHeldRun({ settlementOf: () => nothingToSettle }, session, runId)
  await replaceRun(session, held, { ...by, event: 'overtaken' })
}
