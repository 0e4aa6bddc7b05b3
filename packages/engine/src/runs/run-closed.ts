/**
 * What somebody who wants to know of every end of a run is called with.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import type { Session } from '@sluice/repository'

export interface ClosedRun {
  readonly report: RunReport
  /**
   * `worked`: it came to its end. `refused`: none could begin, and it only tells why. `died`: its process ended before it.
   * `stopped`: it was asked to end. `decided`: somebody decided about it while it was held. `replaced`: another run takes its place, and
   * tells of itself.
   */
  readonly way: 'worked' | 'refused' | 'died' | 'stopped' | 'decided' | 'replaced'
}

/** Called in the transaction that closes the run: what it writes is there exactly when the run is closed. */
export type OnRunClosed = (session: Session, closed: ClosedRun) => Promise<void>

export const nobodyListens: OnRunClosed = async () => undefined
