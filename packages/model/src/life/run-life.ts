/**
 * The life of a run, `sluice_run.state`.
 *
 * A dry run has none: it is rolled back, and its report says `planned`. The comments beside states and events are what
 * docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const recordedRunStates = [
  /** At work, or its process died at work: then the next run of the source finds it interrupted. */
  'running',
  /** Its changes are in the repository. */
  'applied',
  /** A threshold was exceeded, or somebody wants to decide; nothing applied, the change set is kept. */
  'held',
  /** Somebody decided against the held change set. */
  'rejected',
  /** Another run took its place; nothing applied. */
  'cancelled',
  /** Ended with an error that would come again; nothing applied. */
  'failed',
  /** Asked to stop, or its process died, or the database or a disk was in its way; nothing applied. */
  'interrupted',
] as const
export type RecordedRunState = (typeof recordedRunStates)[number]

export const runEvents = [
  /** The guard let it pass, or it is an initial or forced. */
  'passed',
  /** The guard stopped it; or it was to be held, or to be what a plan had shown, and is something else. */
  'thresholdExceeded',
  /** It ended with an error that would come again; also the record of a delivery that no run could take. */
  'failed',
  /**
   * It was asked to stop; or its process died, which shows when the next run of its source begins; or the database or a disk was
   * in its way (away, full, read only, busy), and what it came from waits to be tried again.
   */
  'interrupted',
  /** Its delivery was cancelled, or applied by another process, before it could begin. */
  'preempted',
  /** Somebody approved it, or forced the source, and what it had computed still fits. */
  'approved',
  /** Somebody approved it, or forced the source, and the repository has changed since: another run computes it again. */
  'outdated',
  /** Somebody decided against it. */
  'rejected',
  /** A complete of the same source was announced behind its delivery. */
  'overtaken',
] as const
export type RunEvent = (typeof runEvents)[number]

const over = {
  passed: 'ignored',
  thresholdExceeded: 'ignored',
  failed: 'ignored',
  interrupted: 'ignored',
  preempted: 'ignored',
  approved: 'ignored',
  outdated: 'ignored',
  rejected: 'ignored',
  overtaken: 'ignored',
} as const satisfies Record<RunEvent, 'ignored'>

export const runLife = new Life<RecordedRunState, RunEvent>({
  states: recordedRunStates,
  events: runEvents,
  start: 'running',
  table: {
    running: {
      passed: 'applied',
      thresholdExceeded: 'held',
      failed: 'failed',
      interrupted: 'interrupted',
      preempted: 'cancelled',
      approved: 'ignored',
      outdated: 'ignored',
      rejected: 'ignored',
      // It is let finish, and replaced when a threshold then holds it.
      overtaken: 'ignored',
    },
    held: {
      passed: 'ignored',
      thresholdExceeded: 'ignored',
      failed: 'ignored',
      interrupted: 'ignored',
      preempted: 'ignored',
      approved: 'applied',
      outdated: 'cancelled',
      rejected: 'rejected',
      overtaken: 'cancelled',
    },
    applied: over,
    rejected: over,
    cancelled: over,
    failed: over,
    interrupted: over,
  },
})
