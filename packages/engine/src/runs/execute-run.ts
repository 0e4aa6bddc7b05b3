/**
 * A run from its beginning to its end: recorded before it begins, closed in the transaction that applies it.
 *
 *   producer ──► change set ──► guard ──► apply ──► history
 *
 * Whatever happens in between, a crash included, leaves the repository as it was and what the run came from ready for the
 * next try. Nothing here knows who produces the change set.
 *
 * @module
 */
import {
  type Exceeded,
  type HoldReason,
  type OnProgress,
  type RunEvent,
  type RunReport,
  type RunTerms,
  runLife,
  SluiceError,
  type StageTiming,
} from '@sluice/model'
import type { Session } from '@sluice/repository'
import { applyChangeSet } from '../apply/apply-change-set.ts'
import type { ChangeSet } from '../changes/change-set.ts'
import { keepChangeSet } from '../changes/keep-change-set.ts'
import type { Produced, Producer } from '../changes/produced.ts'
import { RejectedRows } from '../context/rejected-rows.ts'
import type { RunContext } from '../context/run-context.ts'
import { WorkTables } from '../context/work-tables.ts'
import { guard } from '../guard/guard.ts'
import { compareOrders } from '../orders/compare-orders.ts'
import { keepRejectedRows } from '../rows/keep-rejected-rows.ts'
import type { Asked } from './edit-run.ts'
import { type EngineContext, type Known, readKnown } from './engine-context.ts'
import type { ClosedRun } from './run-closed.ts'
import { type RunOrigin, RunPreempted, type Settlement } from './run-origin.ts'
import { beginRun, closeRun, isAtWork, type RunStart, rememberDecision, reportWithout } from './run-record.ts'
import { type RunTimes, runReport } from './run-report.ts'
import { reasonToHold } from './run-terms.ts'
import { type StandingApproval, standingApproval } from './standing-approval.ts'
import { type TurnOptions, transactionInTurn } from './take-turn.ts'
import { waitsForOtherRun } from './wait-for-other-runs.ts'

export interface RunRequest {
  readonly origin: RunOrigin
  readonly produce: Producer
  /** Rows that are expected, roughly: few are worked on in temporary tables. */
  readonly rows: number
  /** What was asked for, where nothing else keeps it: a held run is computed again by it. */
  readonly asked?: Asked | undefined
  /** The run that it computes again because it was approved and the repository had moved; of one that comes from a delivery, that says it. */
  readonly again?: number | undefined
  /** Past the limits. */
  readonly forced?: boolean | undefined
  /** What is wanted of what it computes. */
  readonly terms?: RunTerms | undefined
  /** What was done before, for the report. */
  readonly before?: readonly StageTiming[] | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
  /** Ends it while it waits for other runs alone: what has begun goes on, though whoever asked is gone. */
  readonly waiting?: AbortSignal | undefined
  /** Asked to stop, the run leaves what it came from to be tried again. */
  readonly requeue?: boolean | undefined
}

/** Tells that a limit holds a run that has loaded straight: it has to be computed again. */
const needsChangeTables = Symbol('needs change tables')

/** `undefined`: what the run came from was not its to work on any more. */
export async function executeRun(
  context: EngineContext,
  request: RunRequest,
): Promise<RunReport | undefined> {
  const { database } = context
  const { origin } = request
  const settlement = context.settlementOf(origin)
  const beginning = { forced: request.forced === true, ownProcess: database.kind === 'postgres' }
  const start = await database.session((session) => beginRun(session, origin, beginning))
  const attempt = (straight: boolean) =>
    transactionInTurn(
      database,
      (session, waited) =>
        runInTransaction(context, session, { request, settlement, start, straight, waited }),
      { ...turnOf(request), parallelWorkers: context.parallelWorkers },
    )
  try {
    // What somebody may look at before it is applied is in change tables.
    const done = await attempt(request.terms === undefined).catch((error: unknown) => {
      if (error === needsChangeTables) return attempt(false)
      throw error
    })
    await database.checkpoint()
    await settlement.settled(done.event)
    return done.report
  } catch (error) {
    const event = eventOf(error, request)
    const reported = error instanceof RunPreempted ? { notes: [error.message] } : { error }
    const left =
      event === 'preempted' || (event === 'interrupted' && (request.requeue === true || passes(error)))
    await recordEnd(context, start, reportWithout(origin, start, event, reported), {
      event,
      way: event === 'failed' || passes(error) ? 'worked' : 'stopped',
      settlement: left ? undefined : settlement,
    })
    if (event === 'preempted') return undefined
    throw error
  }
}

/** What has happened to a run that applied nothing. */
function eventOf(error: unknown, { signal }: RunRequest): RunEvent {
  if (error instanceof RunPreempted) return 'preempted'
  return signal?.aborted === true || passes(error) ? 'interrupted' : 'failed'
}

/**
 * The database or the disk was in the way, which is nothing that what the run came from could help: it waits for the next run, and
 * only what will fail again has failed.
 */
function passes(error: unknown): boolean {
  return error instanceof SluiceError && error.retry
}

interface Attempt {
  readonly request: RunRequest
  readonly settlement: Settlement
  readonly start: RunStart
  readonly straight: boolean
  /** Milliseconds until no other run was at work. */
  readonly waited: number
}

async function runInTransaction(
  context: EngineContext,
  session: Session,
  { request, settlement, start, straight, waited }: Attempt,
): Promise<{ readonly report: RunReport; readonly event: RunEvent }> {
  await settlement.claim(session)
  // After the origin was ours: a run that was marked while we waited for it shows only now.
  if (!(await isAtWork(session, start.runId))) throw new RunPreempted(takenOver)
  // Whoever changes the model waits for the lock of runs, which is ours by now.
  await context.modelWatch.check(session)
  const done = await carryOut(context, session, { request, start, straight, waited })
  const settled = await settlement.settle(session, done.event, null)
  if (!done.closed || !settled) throw new RunPreempted(takenOver)
  return done
}

/** How a run waits until no other is at work. */
export function turnOf({
  origin,
  onProgress,
  signal,
  waiting,
}: Pick<RunRequest, 'origin' | 'onProgress' | 'signal' | 'waiting'>): TurnOptions {
  return {
    onWait: () => onProgress?.({ stage: 'receive', source: origin.source ?? '', subject: waitsForOtherRun }),
    signal: AbortSignal.any([signal, waiting].filter((one) => one !== undefined)),
  }
}

/** Of a run that has begun, all the rest within its transaction; `closed`: nobody else has closed it. */
export async function carryOut(
  context: EngineContext,
  session: Session,
  { request, start, straight, waited }: Omit<Attempt, 'settlement'>,
): Promise<{ readonly report: RunReport; readonly event: RunEvent; readonly closed: boolean }> {
  const { origin, signal } = request
  const onProgress = request.onProgress ?? (() => undefined)
  const source = origin.source ?? ''
  const run = await openRun(context, session, { runId: start.runId, rows: request.rows, signal })
  const produced = await request.produce(run, straight)
  signal?.throwIfAborted()
  const { exceeded, heldBecause, approval, held } = await judge(context, run, request, produced)
  const event = held ? 'thresholdExceeded' : 'passed'
  const report = (applied: number) =>
    reportOf(
      request,
      start,
      { produced, exceeded, heldBecause, event },
      { before: withWait(request, waited), applied },
    )
  onProgress({ stage: 'apply', source, passed: held ? undefined : report(0) })
  const applying = performance.now()
  await keepRejectedRows(run, origin.source)
  const kept = held ? await hold(run, produced.changeSet) : await apply(run, produced.changeSet)
  signal?.throwIfAborted()
  const orders = held || origin.source === null ? undefined : await compareOrders(run, origin.source)
  const worked = { ...report(performance.now() - applying), ...(orders === undefined ? {} : { orders }) }
  const done = approval === undefined ? worked : asApproved(worked, approval)
  if (done.decision !== null) await rememberDecision(session, start.runId, done.decision)
  const closed = await closeRun(session, {
    runId: start.runId,
    event,
    report: done,
    way: 'worked',
    onClosed: context.onClosed,
    changeSet: kept,
  })
  return { report: done, event, closed }
}

/** Whether it is held: by its terms or a threshold, unless somebody has approved just these changes already. */
async function judge(
  context: EngineContext,
  { session, runId, model }: RunContext,
  request: RunRequest,
  produced: Produced,
) {
  const { changeSet } = produced
  const exceeded = guard(produced, produced.limits)
  const heldBecause = await reasonToHold(session, model, request, produced)
  const stopped = heldBecause !== undefined || (exceeded.length > 0 && request.forced !== true)
  if (stopped && changeSet.loaded.length > 0) throw needsChangeTables
  const { again, origin } = request
  const approval = stopped
    ? await standingApproval(context, session, { runId, delivery: origin.delivery, again, changeSet })
    : undefined
  return { exceeded, heldBecause, approval, held: stopped && approval === undefined }
}

/** Approved before it was computed again. */
function asApproved(report: RunReport, { run, by, reason }: StandingApproval): RunReport {
  const note = `${by} has approved run ${run}. Computed again, it came to the same changes.`
  const decision = { by, at: new Date().toISOString(), reason }
  return { ...report, decision, notes: [...report.notes, note] }
}

const takenOver = 'Another process has taken over this source.'

/** The context in which change sets are produced. */
export async function openRun(
  { database, configuration }: EngineContext,
  session: Session,
  of: {
    readonly runId: number
    readonly rows: number
    readonly signal: AbortSignal | undefined
    /** Where it was read already. */
    readonly known?: Known | undefined
  },
): Promise<RunContext> {
  const workTables = new WorkTables(session, {
    runId: of.runId,
    few: of.rows < largeRun,
    temporaryTables: database.temporaryTables,
  })
  return {
    session,
    runId: of.runId,
    model: configuration.model,
    ...(of.known ?? (await readKnown(session, configuration))),
    workTables,
    rejectedRows: new RejectedRows(workTables),
    signal: of.signal,
  }
}

/** From so many rows on, work tables are such as several processes may read. */
const largeRun = 20_000

/** What was done before, and how long the run waited until it could begin. */
function withWait({ before = [] }: RunRequest, waited: number): readonly StageTiming[] {
  return before.map(({ stage, milliseconds }) => ({
    stage,
    milliseconds: Math.round(stage === 'receive' ? milliseconds + waited : milliseconds),
  }))
}

function reportOf(
  { origin }: RunRequest,
  start: RunStart,
  of: {
    readonly produced: Produced
    readonly exceeded: readonly Exceeded[]
    readonly heldBecause: HoldReason | undefined
    readonly event: RunEvent
  },
  times: RunTimes,
): RunReport {
  return runReport(origin, start, { ...of, state: runLife.destinationOf(of.event) }, times)
}

async function hold(run: RunContext, changeSet: ChangeSet): Promise<ChangeSet> {
  const kept = await keepChangeSet(run, changeSet)
  await run.workTables.drop()
  return kept
}

async function apply(run: RunContext, changeSet: ChangeSet): Promise<null> {
  await applyChangeSet(run, changeSet)
  await run.workTables.drop()
  return null
}

interface End {
  readonly event: RunEvent
  readonly way: ClosedRun['way']
  readonly settlement: Settlement | undefined
}

/** Records the end of a run that applied nothing. */
async function recordEnd(
  { database, onClosed }: EngineContext,
  start: RunStart,
  report: RunReport,
  { event, way, settlement }: End,
): Promise<void> {
  const recorded = database.transaction(async (session) => {
    // Before the row of the run, as everybody does.
    await settlement?.lock(session)
    const own = await closeRun(session, { runId: start.runId, event, report, way, onClosed })
    if (!own || settlement === undefined) return false
    return await settlement.settle(session, event, report.error?.message ?? null)
  })
  // The database may be what failed. Then what the run came from is still waiting, and the next run finds this one
  // interrupted.
  const over = await recorded.catch(() => false)
  if (over) await settlement?.settled(event)
}
