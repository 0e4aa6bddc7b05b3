/**
 * What a person decides of a held run: its change set is applied as it was read, or let go.
 *
 * @module
 */
import { type RunReport, runLife } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { applyChangeSet } from './apply/apply-change-set.ts'
import { rememberStored } from './apply/remember-stored.ts'
import { rememberTransaction } from './apply/remember-transaction.ts'
import { rememberMappings } from './changed-mappings.ts'
import { type EngineContext, sourceOf, takeTurns } from './engine-context.ts'
import { cancelHeldRun, dropChangeSet, type HeldRun, hasMoved, lockHeldRun, replaceRun } from './held-runs.ts'
import { markApplied } from './mark-applied.ts'
import { completeBehind, moveDelivery, type QueuedDelivery } from './receive/queue.ts'
import { closeRun } from './run-record.ts'

/** `moved`: the repository changed under the change set, so the delivery waits to be computed again. */
export type Approved =
  | { readonly moved: false; readonly report: RunReport }
  | { readonly moved: true; readonly source: string }

export async function approveHeldRun(context: EngineContext, run: number, by: string): Promise<Approved> {
  const { model } = context.configuration
  const { held, approved } = await context.database.transaction(async (session) => {
    await takeTurns(session)
    const held = await lockHeldRun(session, run)
    const moved = await hasMoved(session, model, held)
    const approved: Approved = moved
      ? await queueAgain(session, held)
      : { moved: false, report: await applyHeld(context, session, held, by) }
    return { held, approved }
  })
  if (!approved.moved) {
    await context.database.checkpoint()
    await context.inbox.discard(held.deliveryId)
  }
  return approved
}

async function queueAgain(session: Session, held: HeldRun): Promise<Approved> {
  const reason = 'The repository changed while it was held, so it was computed again.'
  await replaceRun(session, held, { delivery: held.deliveryId, event: 'outdated', reason })
  await moveDelivery(session, held.deliveryId, 'outdated')
  return { moved: true, source: held.source }
}

async function applyHeld(
  context: EngineContext,
  session: Session,
  held: HeldRun,
  by: string,
): Promise<RunReport> {
  const { runId, sourceId, changeSet, deliveryId } = held
  const { model } = context.configuration
  const verifies = sourceOf(context, held.source).entities.map(({ entityType }) => entityType)
  await applyChangeSet({ session, model, runId, sourceId, verifies }, changeSet)
  for (const { entityType, counts } of changeSet.entities) {
    if (!verifies.includes(entityType) || counts.inserted + counts.updated === 0) continue
    await rememberTransaction(session, { sourceId, entityType, wrote: true, compared: false })
  }
  await rememberStored(session, held.source, [...held.report.entities, ...held.report.associations])
  await rememberMappings(session, sourceId, sourceOf(context, held.source))
  const report = await closeDecided(session, held, 'approved', { by })
  await markApplied(session, sourceId, changeSet.endsChain ? undefined : deliveryId)
  await moveDelivery(session, deliveryId, 'approved')
  return report
}

export async function rejectHeldRun(
  context: EngineContext,
  run: number,
  decision: { readonly by: string; readonly reason?: string | undefined },
): Promise<RunReport> {
  const { held, report } = await context.database.transaction(async (session) => {
    const held = await lockHeldRun(session, run)
    const report = await closeDecided(session, held, 'rejected', decision)
    const reason = decision.reason ?? `Rejected by ${decision.by}.`
    await moveDelivery(session, held.deliveryId, 'rejected', reason)
    return { held, report }
  })
  await context.inbox.discard(held.deliveryId)
  return report
}

/** Lets a held run go that a later complete of the source replaces; `false` when there is none. */
export async function replaceHeldRun(
  context: EngineContext,
  held: QueuedDelivery,
  run: number,
): Promise<boolean> {
  const replaced = await context.database.transaction(async (session) => {
    const complete = await completeBehind(session, held)
    if (complete === undefined) return false
    const reason = `Overtaken by complete delivery ${complete}.`
    await cancelHeldRun(session, run, complete)
    return await moveDelivery(session, held.id, 'overtaken', reason)
  })
  if (replaced) await context.inbox.discard(held.id)
  return replaced
}

async function closeDecided(
  session: Session,
  held: HeldRun,
  event: 'approved' | 'rejected',
  decision: { readonly by: string; readonly reason?: string | undefined },
): Promise<RunReport> {
  await dropChangeSet(session, held)
  const now = new Date().toISOString()
  const { by, reason = null } = decision
  const report: RunReport = {
    ...held.report,
    state: runLife.destinationOf(event),
    finishedAt: now,
    decision: { by, at: now, reason },
    notes: by === byForce ? [...held.report.notes, forced] : held.report.notes,
  }
  await closeRun(session, held.runId, event, report)
  await session.query(
    'update sluice_run set decided_by = $2, decided_at = $3, decided_reason = $4 where run_id = $1',
    [held.runId, by, now, reason],
  )
  return report
}

/** Who decides when a person synchronizes past the thresholds. */
export const byForce = '--force'
const forced = 'A threshold had held this run; --force applied it as it had been held, before anything newer.'
