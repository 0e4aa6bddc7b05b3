/**
 * Removes what the repository keeps no longer, for a while.
 *
 * @module
 */
import type { PruneReport } from '@sluice/model'
import { revisionHeader, revisionOf, routes } from '@sluice/protocol'
import { prune } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

/** Milliseconds of a request. */
const within = 5000

export function pruneHandlers({ repository, configuration, stopping }: ServerContext) {
  return {
    prune: handler(routes.prune, async ({ body: { dryRun }, headers, caller, log }) => {
      const options = { dryRun, within, signal: stopping }
      const report = await prune(repository.database, configuration.retention, options)
      if (dryRun !== true) log.info({ by: caller.name, kinds: report.kinds }, 'repository pruned')
      const spoken = headers[revisionHeader]
      return revisionOf(typeof spoken === 'string' ? spoken : undefined) < 3 ? known(report) : report
    }),
  }
}

/** What programs know that speak an older revision. */
function known(report: PruneReport): PruneReport {
  return { ...report, kinds: report.kinds.filter(({ kind }) => kind !== 'audit' && kind !== 'sessions') }
}
