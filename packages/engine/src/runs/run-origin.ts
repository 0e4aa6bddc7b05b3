/**
 * What a run comes from: its cause, by whom, and the delivery and source that some causes have.
 *
 * @module
 */
import type { DeliveryMode, RunBy, RunCause, RunEvent } from '@sluice/model'
import type { Session } from '@sluice/repository'

export interface RunOrigin {
  readonly cause: RunCause
  readonly by: RunBy
  readonly source: string | null
  readonly delivery: string | null
  readonly mode: DeliveryMode | null
  /** What whoever made it happen has to say about it. */
  readonly comment?: string | undefined
  /** Of the cause `revert`: the run that is taken back. */
  readonly reverts?: number | undefined
  /** Of the cause `retry`: the run that rejected the rows. */
  readonly retries?: number | undefined
}

/**
 * Keeps what a run comes from in step with the run, in the run's own transactions: the inbox does so for deliveries. What is
 * locked here is locked before the row of the run, always.
 */
export interface Settlement {
  /** Locks what the run comes from: of a held run about which somebody decides, of one that ends with an error. */
  lock(session: Session): Promise<void>
  /**
   * Locks it, and makes sure that it is still the run's to work on; throws `RunPreempted` where it is not. From here to the
   * end of the transaction nobody takes it away.
   */
  claim(session: Session): Promise<void>
  /** Does to it what the run's event means for it; `false` where it was not the run's any more. */
  settle(session: Session, event: RunEvent, reason: string | null): Promise<boolean>
  /** After the transaction in which it was settled. */
  settled(event: RunEvent): Promise<void>
}

/** Of a run that comes from nothing that has to be kept in step. */
export const nothingToSettle: Settlement = {
  lock: async () => undefined,
  claim: async () => undefined,
  settle: async () => true,
  settled: async () => undefined,
}

/** What the run came from was cancelled, or worked on by somebody else, before the run could begin on it. */
export class RunPreempted extends Error {}
