import { SluiceError } from '@sluice/model'
import type { StartRecord } from '@sluice/project'

/**
 * SLUICE-JOB-12: a job that somebody asked for does not begin.
 *
 * Its agent says why, or nobody has fetched the request for ten minutes, or somebody has asked for the job to be stopped before it began.
 */
export class StartRefusedError extends SluiceError {
  readonly code = 'SLUICE-JOB-12'
  readonly blame = 'usage'
  readonly retry = true

  constructor({ job, state, reason, start }: StartRecord) {
    super(`The job "${job}" does not begin (${state}): ${reason ?? 'no reason is known.'}`, {
      remedy: 'sluice jobs',
      details: { job, start, state },
    })
  }
}
