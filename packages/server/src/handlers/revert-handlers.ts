/**
 * Runs taken back, and rows tried again that a run has rejected.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { findPruned } from '@sluice/repository'
import type { Caller } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'
import { reachedRun } from './reached-run.ts'

export function revertHandlers(context: ServerContext) {
  const { synchronizer, metrics } = context
  return {
    retry: handler(routes.retry, async ({ params, query, caller, signal, log }) => {
      await reachedRun(context, caller, params.run)
      const { comment, dryRun, force } = query
      const { by } = caller
      if (dryRun === true) return await synchronizer.planRetry(params.run, { by, comment, waiting: signal })
      log.info({ run: params.run, by: caller.name }, 'rejected rows retried')
      const report = await synchronizer.retry(params.run, { by, comment, force, waiting: signal })
      metrics.ran(report)
      return { report, changes: [], rejected: [] }
    }),

    revert: handler(routes.revert, async ({ params, query, caller, signal, log }) => {
      await reachedOrPruned(context, caller, params.run)
      const { comment, dryRun, skipConflicts = false, suspend, force } = query
      const request = { revert: params.run, skipConflicts, suspend }
      const { by } = caller
      if (dryRun === true) return await synchronizer.planRevert(request, { by, comment, waiting: signal })
      log.info({ run: params.run, by: caller.name }, 'run taken back')
      const report = await synchronizer.revert(request, { by, comment, force, waiting: signal })
      metrics.ran(report)
      return { report, changes: [], conflicts: [] }
    }),
  }
}

/** Of a run that was pruned, whoever takes runs back is told so. */
async function reachedOrPruned(context: ServerContext, caller: Caller, run: number): Promise<void> {
  const prunedBy = await findPruned(context.repository.database, run)
  if (prunedBy === undefined) await reachedRun(context, caller, run)
}
