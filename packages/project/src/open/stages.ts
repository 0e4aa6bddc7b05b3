/**
 * The stages of a synchronization one by one, and a place in the queue.
 *
 * @module
 */
import type { DecidedExport, OutboxOutcome, Outgoing } from '@sluice/agent'
import type { DeliveryMode, Mode } from '@sluice/model'
import type { CallOptions, SourceOptions } from './options.ts'

/**
 * Each stage reads the files that the one before left in the work folder, so that they may be looked at in between,
 * and each may be another process.
 */
export interface Stages {
  /**
   * Runs the source's export program, or finds the files that lie there. Decides the mode; no place in the queue is
   * taken yet.
   */
  export(source: string, options?: SourceOptions): Promise<DecidedExport>
  /**
   * Announces a delivery and prepares what was exported last. It waits in the outbox until it is delivered, behind what
   * waits there, or in the place of it where it says all of it too.
   */
  prepare(source: string, options?: SourceOptions): Promise<PreparedStage>
  /** Hands over all that waits in the outbox, in order; `nothing` when nothing does. */
  deliver(source: string, options?: DeliverOptions): Promise<OutboxOutcome>
  /** The last delivery that waits in the outbox: the one that was prepared last. */
  waiting(source: string): Promise<Outgoing | undefined>
  /** Everything that waits in the outbox, in the order in which it will be delivered; each stands on the one before it. */
  queue(source: string): Promise<readonly Outgoing[]>
}

export interface DeliverOptions extends CallOptions {
  /**
   * Takes the files in the outbox as they lie there, changed by hand or written by a script of one's own, in place of refusing
   * them. Throws `UnfitPreparedFileError` where one cannot be delivered.
   */
  readonly asTheyAre?: boolean | undefined
}

/** A delivery in the outbox. */
export interface PreparedStage extends Outgoing {
  /** The outbox: where its files are. */
  readonly folder: string
}

export interface SynchronizeOptions extends CallOptions {
  /** Applies what a threshold would hold, and a run that is held already. */
  readonly force?: boolean | undefined
  /** Takes at most so many deliveries from the queue; all that are ready when absent. */
  readonly limit?: number | undefined
}

export interface AnnounceOptions {
  readonly mode?: Mode | undefined
  /** Chosen by the caller so that it may be repeated; a random UUID when absent. */
  readonly deliveryId?: string | undefined
}

/** A place in the queue of a source. */
export interface Announced {
  readonly deliveryId: string
  readonly source: string
  readonly mode: DeliveryMode
  /** Of an incremental: the delivery it builds on. */
  readonly base?: string | undefined
  /** Why it is not the mode that the source asks for; they come back in the report. */
  readonly notes?: readonly string[] | undefined
}
