/**
 * What a run says of itself.
 *
 * @module
 */
import type { Exceeded, HoldReason, RunReport, RunState, StageTiming } from '@sluice/model'
import type { Produced } from '../changes/produced.ts'
import type { RunOrigin } from './run-origin.ts'
import type { RunStart } from './run-record.ts'

export interface RunTimes {
  /** What was done before the run began, and until it could begin. */
  readonly before: readonly StageTiming[]
  /** Milliseconds; comes on top of what a straight load took. */
  readonly applied: number
}

export function runReport(
  origin: RunOrigin,
  start: RunStart,
  of: {
    readonly state: RunState
    readonly produced: Omit<Produced, 'changeSet' | 'limits'>
    readonly exceeded: readonly Exceeded[]
    readonly heldBecause?: HoldReason | undefined
  },
  times: RunTimes,
): RunReport {
  const { produced } = of
  const straight = produced.stages.find(({ stage }) => stage === 'apply')?.milliseconds ?? 0
  return {
    run: start.runId,
    ...origin,
    state: of.state,
    startedAt: start.startedAt,
    finishedAt: new Date().toISOString(),
    entities: [...produced.entities, ...produced.elsewhere.entities],
    associations: [...produced.associations, ...produced.elsewhere.associations],
    exceeded: of.exceeded,
    ...(of.heldBecause === undefined ? {} : { heldBecause: of.heldBecause }),
    drift: produced.drift,
    ...(produced.reverted === undefined ? {} : { reverted: produced.reverted }),
    decision: null,
    replacedBy: null,
    stages: [
      ...times.before,
      ...produced.stages.filter(({ stage }) => stage !== 'apply'),
      { stage: 'apply', milliseconds: Math.round(straight + times.applied) },
    ],
    notes: produced.notes,
    error: null,
  }
}
