/**
 * What a job says about itself: step by step, source by source.
 *
 * @module
 */
import type { JobStage, JobState, OutcomeState, RunBy, RunReport } from '@sluice/model'
import type { NextTry } from './retrying.ts'

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

export interface JobReport {
  readonly job: string
  readonly state: JobState
  /** UTC, ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly steps: readonly StepOutcome[]
  /** Who asked for this job to be stopped while it was at work. */
  readonly stoppedBy?: RunBy | undefined
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
