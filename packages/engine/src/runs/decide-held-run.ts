/**
 * What a person decides of a held run: its change set is applied as it was read, or let go.
 *
 * @module
 */
import { type RunCause, type RunReport, runLife } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { applyChangeSet } from '../apply/apply-change-set.ts'
import { dropChangeSet } from '../changes/keep-change-set.ts'
import { compareOrders } from '../orders/compare-orders.ts'
import { type EngineContext, readKnown } from './engine-context.ts'
import { hasMoved } from './has-moved.ts'
import { type HeldRun, lockHeldRun, replaceRun } from './held-run.ts'
import type { OnRunClosed } from './run-closed.ts'
import { closeRun, rememberDecision } from './run-record.ts'
import { keepApproval } from './standing-approval.ts'
import { transactionInTurn } from './take-turn.ts'

export interface Decision {
  readonly by: string
  readonly reason?: string | undefined
  /** Ends it while it waits for other runs: whoever decided is gone before anything of it has begun. */
  readonly waiting?: AbortSignal | undefined
}

/** `moved`: the repository changed under the change set, so what the run came from waits to be computed again: what waits of the source, or, without one, the request that is kept with the run. */
export type Approved =
  | { readonly moved: false; readonly report: RunReport }
  | { readonly moved: true; readonly source: string | null }

export async function approveHeldRun(
  context: EngineContext,
  runId: number,
  decision: Decision,
): Promise<Approved> {
  const decide = async (session: Session) => {
    await context.modelWatch.check(session)
    const held = await lockHeldRun(context, session, runId)
    const moved = held.modelChanged
      ? modelChanged
      : (await hasMoved(session, context.configuration, held)) && rowsChanged
    const approved: Approved = moved
      ? await computeAgain(context, session, held, { reason: moved, decision })
      : { moved: false, report: await applyHeld(context, session, held, decision) }
    return { held, approved }
  }
  const { held, approved } = await transactionInTurn(context.database, decide, { signal: decision.waiting })
  if (!approved.moved) {
    await context.database.checkpoint()
    await held.settlement.settled('approved')
  }
  return approved
}

const rowsChanged = 'The repository changed while the run was held, so its changes were computed again.'
const modelChanged = 'The model changed while the run was held, so its changes were computed again.'

/** Of these the request is kept, and nothing waits of their source. A decision that is held is one to evaluate roots anew. */
const keptWithRun: ReadonlySet<RunCause> = new Set(['retry', 'decision'])

async function computeAgain(
  context: EngineContext,
  session: Session,
  held: HeldRun,
  { reason, decision }: { readonly reason: string; readonly decision: Decision },
): Promise<Approved> {
  if (reason === rowsChanged) await keepApproval(context, session, held, decision)
  await replaceRun(session, held, { replacement: held.report.delivery, event: 'outdated', reason })
  await held.settlement.settle(session, 'outdated', null)
  const { cause, source } = held.report
  return { moved: true, source: keptWithRun.has(cause) ? null : source }
}

async function applyHeld(
  { configuration, onClosed }: EngineContext,
  session: Session,
  held: HeldRun,
  decision: Decision,
): Promise<RunReport> {
  const { runId, changeSet, report: before } = held
  const { model } = configuration
  await applyChangeSet({ session, model, runId }, changeSet)
  const { sources } = await readKnown(session, configuration)
  const orders =
    before.source === null
      ? undefined
      : await compareOrders({ session, runId, model, sources }, before.source)
  const compared = orders === undefined ? held : { ...held, report: { ...before, orders } }
  const report = await closeDecided(session, compared, decision, { event: 'approved', onClosed })
  await held.settlement.settle(session, 'approved', null)
  return report
}

export async function rejectHeldRun(
  context: EngineContext,
  runId: number,
  decision: Decision,
): Promise<RunReport> {
  const { held, report } = await context.database.transaction(async (session) => {
    const held = await lockHeldRun(context, session, runId)
    const report = await closeDecided(session, held, decision, {
      event: 'rejected',
      onClosed: context.onClosed,
    })
    await held.settlement.settle(session, 'rejected', decision.reason ?? `Rejected by ${decision.by}.`)
    return { held, report }
  })
  await held.settlement.settled('rejected')
  return report
}

async function closeDecided(
  session: Session,
  { runId, report: held, changeSet }: HeldRun,
  decision: Decision,
  { event, onClosed }: { readonly event: 'approved' | 'rejected'; readonly onClosed: OnRunClosed },
): Promise<RunReport> {
  await dropChangeSet(session, runId, changeSet)
  const now = new Date().toISOString()
  const { by, reason = null } = decision
  const report: RunReport = {
    ...held,
    state: runLife.destinationOf(event),
    finishedAt: now,
    decision: { by, at: now, reason },
    notes: by === byForce ? [...held.notes, forced] : held.notes,
  }
  await closeRun(session, { runId, event, report, way: 'decided', onClosed })
  await rememberDecision(session, runId, { by, at: now, reason })
  return report
}

/** Who decides when a person synchronizes past the thresholds. */
export const byForce = '--force'
const forced = 'This run was held by a threshold; --force applied it before any newer delivery.'
