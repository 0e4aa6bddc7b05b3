/**
 * How jobs, their executions and the sources in them end.
 *
 * @module
 */

/** Of one source in one step. */
export const outcomeStates = [
  'done',
  /** A threshold holds its run. */
  'held',
  'failed',
  /** Given up in the middle, because the job was stopped; what was not applied as a whole is not applied at all. */
  'stopped',
  /** The server cannot be reached: the changes are safe in the outbox or at the server, and not known to be applied. */
  'waiting',
  /** Not begun, because something before it failed, is held, or the job was stopped. */
  'skipped',
  /** An incremental of a source of which a run is held already; it comes again when that is decided. */
  'left out',
] as const
export type OutcomeState = (typeof outcomeStates)[number]

/** `stopped`: somebody asked for it; what was begun was ended or given up, the rest was not begun. */
export const jobStates = ['done', 'held', 'failed', 'waiting', 'stopped'] as const
export type JobState = (typeof jobStates)[number]

/** `interrupted`: nothing has been heard of it for too long, or its process is known to have ended in the middle. */
export const executionStates = ['running', ...jobStates, 'interrupted'] as const
export type ExecutionState = (typeof executionStates)[number]

/**
 * By what a job was begun: its time; the good end of the jobs that it comes after; somebody who asked for it; again, because the one
 * before was killed or ended with its agent; a scheduler of one's own (`sluice agent --once`).
 */
export const startCauses = ['schedule', 'after', 'request', 'again', 'once'] as const
export type StartCause = (typeof startCauses)[number]

/** What becomes of a request to start a job: an agent has to fetch it, and then begins the job or says why not. */
export const startStates = ['waiting', 'taken', 'begun', 'refused', 'expired', 'cancelled'] as const
export type StartState = (typeof startStates)[number]
