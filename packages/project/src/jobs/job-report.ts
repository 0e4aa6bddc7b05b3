/**
 * What a job says about itself: step by step, source by source.
 *
 * @module
 */
import type { JobStage, RunReport } from '@sluice/model'
import type { NextTry } from './retrying.ts'

export type OutcomeState =
  | 'done'
  /** A threshold holds its run. */
  | 'held'
  | 'failed'
  /** Given up in the middle, because the job was stopped; what was not applied as a whole is not applied at all. */
  | 'stopped'
  /** The server cannot be reached: the changes are safe in the outbox or at the server, and not known to be applied. */
  | 'waiting'
  /** Not begun, because something before it failed, is held, or the job was stopped. */
  | 'skipped'
  /** An incremental of a source of which a run is held already; it comes again when that is decided. */
  | 'left out'

/** What became of one source in one step. */
export interface SourceOutcome {
  readonly source: string
  readonly state: OutcomeState
  /** Why, where it is not done. */
  readonly reason?: string | undefined
  /** Of the runs it made; none for stages that apply nothing. */
  readonly reports: readonly RunReport[]
  readonly error?: unknown
  readonly milliseconds: number
}

export interface StepOutcome {
  readonly step: string
  readonly stage: JobStage
  /** The worst of its sources. */
  readonly state: OutcomeState
  /** It failed, and the job went on because the step says so. */
  readonly warning: boolean
  readonly sources: readonly SourceOutcome[]
  readonly milliseconds: number
}

/** `stopped`: somebody asked for it; what was begun was ended or given up, the rest was not begun. */
export type JobState = 'done' | 'held' | 'failed' | 'waiting' | 'stopped'

export interface JobReport {
  readonly job: string
  readonly state: JobState
  /** UTC, ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly steps: readonly StepOutcome[]
}

/** What a job reports while it is at work. */
export type JobEvent =
  | { readonly kind: 'step started'; readonly step: string }
  | {
      readonly kind: 'source retried'
      readonly step: string
      readonly source: string
      readonly next: NextTry
    }
  | { readonly kind: 'source ended'; readonly step: string; readonly outcome: SourceOutcome }
  | { readonly kind: 'step ended'; readonly outcome: StepOutcome }

/** The state of several sources: that of the worst. */
export function worstState(states: readonly OutcomeState[]): OutcomeState {
  const order: readonly OutcomeState[] = ['failed', 'stopped', 'waiting', 'held', 'left out', 'skipped']
  return order.find((state) => states.includes(state)) ?? 'done'
}
