/**
 * What can go wrong before the first step of a job.
 *
 * @module
 */
import { SluiceError, suggestion } from '@sluice/model'

/**
 * SLUICE-JOB-01: the configuration has no job of this name.
 *
 * Jobs stand under `jobs:` in sluice.yaml or in a file it includes; `sluice run` lists them.
 */
export class UnknownJobError extends SluiceError {
  readonly code = 'SLUICE-JOB-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(name: string, known: readonly string[]) {
    const remedy = known.length === 0 ? 'Add one under `jobs:` in sluice.yaml.' : suggestion(name, known)
    super(`There is no job "${name}".`, { remedy: remedy ?? '`sluice run` lists the jobs.' })
  }
}

/**
 * SLUICE-JOB-02: the job has no step of this name, or no steps from --from to --to.
 *
 * A step is called by its name or by its number, as `sluice run` lists them; the last step must not come
 * before the first.
 */
export class UnknownStepError extends SluiceError {
  readonly code = 'SLUICE-JOB-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(message: string, remedy: string | undefined) {
    super(message, { remedy })
  }
}

/**
 * SLUICE-JOB-03: the job is already running on this machine.
 *
 * A job never runs twice at the same time. Wait until the other process has ended. If it was killed, its lock expires after at most 20 seconds.
 */
export class JobRunningError extends SluiceError {
  readonly code = 'SLUICE-JOB-03'
  readonly blame = 'usage'
  readonly retry = true

  constructor(job: string, holder: string, lock: string) {
    super(`The job "${job}" is already running: ${holder}.`, {
      remedy: `Wait until it has ended. Its lock is ${lock}.`,
      details: { job, lock },
    })
  }
}

/**
 * SLUICE-JOB-04: another agent works in the same work folder.
 *
 * Two agents would start every job twice. Stop the other one, or give this project a work folder of its
 * own.
 */
export class AgentRunningError extends SluiceError {
  readonly code = 'SLUICE-JOB-04'
  readonly blame = 'usage'
  readonly retry = false

  constructor(workFolder: string, holder: string, lock: string) {
    super(`An agent already works in ${workFolder}: ${holder}.`, {
      remedy: `Stop the other one, or give this project another workFolder. Its lock is ${lock}.`,
      details: { lock },
    })
  }
}

/**
 * SLUICE-JOB-05: no job has a schedule.
 *
 * `sluice agent` starts jobs that have a `schedule` or come `after` others. Give the job one, or run it by hand with `sluice run`.
 * An agent that reaches a server needs none: it waits for what people ask of it.
 */
export class NothingScheduledError extends SluiceError {
  readonly code = 'SLUICE-JOB-05'
  readonly blame = 'usage'
  readonly retry = false

  constructor(job: string | undefined) {
    super(job === undefined ? 'No job has a schedule.' : `The job "${job}" has no schedule.`, {
      remedy: 'Give it one, such as schedule: "30 2 * * *", or run it by hand: sluice run JOB',
    })
  }
}

/**
 * SLUICE-JOB-14: an agent was asked to check a connection that it does not check any more.
 *
 * Its configuration has changed in the meantime: the source is gone, or `agent.remoteChecks` is off.
 */
export class UncheckedError extends SluiceError {
  readonly code = 'SLUICE-JOB-14'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string) {
    super(`This agent does not check the connection of "${source}" any more.`, {
      remedy: `Check it there: sluice source check ${source}`,
      details: { source },
    })
  }
}

/**
 * SLUICE-JOB-18: an agent was asked to show rows of a source of which it shows none.
 *
 * Its configuration has changed in the meantime: the source is gone, or `agent.remotePreviews` is not there any more.
 */
export class UnshownError extends SluiceError {
  readonly code = 'SLUICE-JOB-18'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string) {
    super(`This agent does not permit a preview of rows of "${source}".`, {
      remedy: `Write remotePreviews: true below agent: in its sluice.yaml, and start it again; or look at them there: sluice mapping try ${source}`,
      details: { source },
    })
  }
}
