/**
 * A job as the scheduler sees it, and by what it begins.
 *
 * @module
 */
import type { Job, JobRetry, RunBy, Schedule, SourceJobTerms, StartCause } from '@sluice/model'

export interface ScheduledJob {
  readonly name: string
  /** Without one it begins as soon as those that it comes after have ended well; without either, when somebody asks for it. */
  readonly schedule: Schedule | undefined
  /** Jobs that have to end well, each since this one last began. */
  readonly after: readonly string[]
  readonly retry?: JobRetry | undefined
  /** All that its steps work on. */
  readonly sources: readonly string[]
}

/** By what a job begins. */
export interface ScheduledStart {
  readonly cause: StartCause
  readonly by: RunBy
  /** Of somebody at a server: its id. */
  readonly request?: string | undefined
  /** A source by itself, and on which terms. */
  readonly source?: SourceStart | undefined
}

export interface SourceStart extends SourceJobTerms {
  readonly name: string
}

export function beginsByItself({ schedule, after }: Pick<Job, 'schedule' | 'after'>): boolean {
  return schedule !== undefined || after.length > 0
}
