/**
 * What somebody has approved stands where it has to be computed again and comes to the same: nobody is asked twice about what he has seen.
 *
 * @module
 */
import { run, type Session, type SQL, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import type { ChangeSet } from '../changes/change-set.ts'
import { sumOfChanges } from '../changes/sum-of-changes.ts'
import type { EngineContext } from './engine-context.ts'
import { hasMovedItself } from './has-moved.ts'
import type { HeldRun } from './held-run.ts'

const approvalSchema = z.object({
  /** The run that was approved. */
  run: z.number(),
  by: z.string(),
  reason: z.string().nullable(),
  /** Of its changes. */
  sum: z.string(),
})
export type StandingApproval = Readonly<z.infer<typeof approvalSchema>>

/** Before the change set of the run is dropped. Not where what it changes was written since: that looks otherwise now than what was shown. */
export async function keepApproval(
  { configuration: { model } }: Pick<EngineContext, 'configuration'>,
  session: Session,
  held: HeldRun,
  { by, reason = null }: { readonly by: string; readonly reason?: string | null | undefined },
): Promise<void> {
  if (await hasMovedItself(session, held)) return
  const { runId, changeSet } = held
  const sum = await sumOfChanges(session, model, changeSet)
  const approval: StandingApproval = { run: runId, by, reason, sum }
  await run(
    session,
    statement(
      'runs/keep-approval',
      sql`update sluice_run set approval = ${sql.value(JSON.stringify(approval))}::jsonb where run_id = ${sql.literal(runId)}`,
    ),
  )
}

/** `undefined`: the run that this one computes again was not approved, or these are other changes. */
export async function standingApproval(
  { configuration: { model } }: Pick<EngineContext, 'configuration'>,
  session: Session,
  of: Recomputed & { readonly runId: number; readonly changeSet: ChangeSet },
): Promise<StandingApproval | undefined> {
  const before = runBefore(of)
  if (before === undefined) return undefined
  const { rows } = await run(
    session,
    statement<{ approval: unknown }>(
      'runs/approval-before',
      sql`select approval from sluice_run where ${before} order by run_id desc limit 1`,
    ),
  )
  const found = approvalSchema.safeParse(rows[0]?.approval)
  if (!found.success) return undefined
  return (await sumOfChanges(session, model, of.changeSet)) === found.data.sum ? found.data : undefined
}

interface Recomputed {
  readonly delivery: string | null
  /** The run, of one that comes from no delivery. */
  readonly again: number | undefined
}

/** A delivery may be computed again by another process, later; everything else is by whoever approved it, at once. */
function runBefore({ runId, delivery, again }: Recomputed & { readonly runId: number }): SQL | undefined {
  if (again !== undefined) return sql`run_id = ${sql.literal(again)}`
  if (delivery === null) return undefined
  return sql`delivery_id = ${sql.value(delivery)}::uuid and run_id < ${sql.literal(runId)}`
}
