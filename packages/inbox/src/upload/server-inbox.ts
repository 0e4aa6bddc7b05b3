/**
 * What the inbox offers a server beyond what an agent sees: files that arrive in pieces, over a network.
 *
 * @module
 */
import type { RunBy } from '@sluice/model'
import type { Inbox } from '@sluice/protocol'

export interface AppendedBytes {
  /** The size the file has now; 0 begins it anew. */
  readonly offset: number
  /** Uncompressed. What has arrived before it breaks off is kept. */
  readonly content: AsyncIterable<Uint8Array>
  /** Bytes that all files of the delivery may have together. */
  readonly limit?: number | undefined
}

/** Of somebody, about a delivery. */
export interface DeliveryDecision {
  readonly by: string
  readonly reason?: string | undefined
}

export interface ServerInbox extends Inbox {
  /** The same inbox, which notes who announces. */
  announcedBy(by: RunBy): Inbox
  /**
   * Writes at the end of a file of an announced delivery and returns its new size. Throws `OffsetDiffersError`
   * (with the size in `details`) where `offset` is not the end. For a delivery that is over it does nothing and
   * returns what was announced.
   */
  append(deliveryId: string, file: string, bytes: AppendedBytes): Promise<number>
  /** How many bytes of a file have arrived; of a delivery that is over, what was announced. */
  received(deliveryId: string, file: string): Promise<number>
  /**
   * Has a delivery tried again that was put aside, by the decision of somebody. Throws `DeliveryNotAsideError`, and
   * `DeliveryNotOpenError` for one that was never announced.
   */
  release(deliveryId: string, decision: DeliveryDecision): Promise<void>
  /**
   * Cancels a delivery that waits or was put aside, by the decision of somebody, and refuses what builds on it. Throws
   * `DeliveryNotWaitingError`, and `DeliveryNotOpenError` for one that was never announced.
   */
  cancel(deliveryId: string, decision: DeliveryDecision): Promise<void>
  /**
   * Makes sure that this folder is the inbox of the repository, for every server of it; throws `InboxElsewhereError`.
   * An announcement checks it again from then on.
   */
  claim(): Promise<void>
}
