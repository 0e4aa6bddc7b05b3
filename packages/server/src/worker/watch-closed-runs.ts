/**
 * Counts what comes to nothing, and says in the log what no run could begin for: a delivery that was refused, or that never came.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { RunReport } from '@sluice/model'
import type { FastifyBaseLogger } from 'fastify'

/** From now on, of all runs that the synchronizer closes. */
export function watchClosedRuns(
  synchronizer: Pick<Synchronizer, 'listen'>,
  metrics: { failed(report: RunReport): void },
  log: FastifyBaseLogger,
): void {
  synchronizer.listen(({ report, way }) => {
    const { run, source, delivery, state, error } = report
    if (state === 'failed' || state === 'interrupted') metrics.failed(report)
    if (way === 'refused' && delivery !== null)
      log.warn(
        { run, source, delivery, code: error?.code, reason: error?.message },
        'a delivery was given up',
      )
    if (way === 'died') log.warn({ run, source, delivery }, 'the process of a run has died')
  })
}
