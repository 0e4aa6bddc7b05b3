/**
 * Removes what the repository keeps no longer, for a while.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { prune } from '@sluice/repository'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

/** Milliseconds of a request. */
const within = 5000

export function pruneHandlers({ repository, configuration, stopping }: ServerContext) {
  return {
    prune: handler(routes.prune, async ({ body: { dryRun }, caller, log }) => {
      const options = { dryRun, within, signal: stopping }
      const report = await prune(repository.database, configuration.retention, options)
      if (dryRun !== true) log.info({ by: caller.name, kinds: report.kinds }, 'repository pruned')
      return report
    }),
  }
}
