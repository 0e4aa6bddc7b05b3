import { SluiceError } from '@sluice/model'
import type { StartRecord } from '@sluice/project'

/**
 * SLUICE-JOB-12: a job or a source that somebody wanted to be started does not begin.
 *
 * Its agent says why, or nobody has fetched the request for ten minutes, or somebody has asked for it to be stopped before it began.
 */
export class StartRefusedError extends SluiceError {
  readonly code = 'SLUICE-JOB-12'
  readonly blame = 'usage'
  readonly retry = true

  constructor({ job, source, state, reason, start }: StartRecord) {
    const what = source === null ? `job "${job}"` : `source "${source}"`
    super(`The ${what} does not begin (${state}): ${reason ?? 'no reason is known.'}`, {
      remedy: 'sluice jobs',
      details: { job, source, start, state },
    })
  }
}
