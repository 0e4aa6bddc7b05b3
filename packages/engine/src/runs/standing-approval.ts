/**
 * What somebody has approved stands where it has to be computed again and comes to the same: nobody is asked twice about what he has seen.
 *
 * @module
 */
import { run, type Session, sql, statement } from '@sluice/repository'
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
  if (held.report.delivery === null || (await hasMovedItself(session, held))) return
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

/** `undefined`: the run before of this delivery was not approved, or these are other changes. */
export async function standingApproval(
  { configuration: { model } }: Pick<EngineContext, 'configuration'>,
  session: Session,
  of: { readonly runId: number; readonly delivery: string | null; readonly changeSet: ChangeSet },
): Promise<StandingApproval | undefined> {
  if (of.delivery === null) return undefined
  const { rows } = await run(
    session,
    statement<{ approval: unknown }>(
      'runs/approval-before',
      sql`select approval from sluice_run where delivery_id = ${sql.value(of.delivery)}::uuid and run_id < ${sql.literal(of.runId)}
      order by run_id desc limit 1`,
    ),
  )
  const found = approvalSchema.safeParse(rows[0]?.approval)
  if (!found.success) return undefined
  return (await sumOfChanges(session, model, of.changeSet)) === found.data.sum ? found.data : undefined
}
