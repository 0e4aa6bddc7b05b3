/**
 * Requests that are begun no faster than a system allows.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'

export class Pace {
  /** Milliseconds between two requests. */
  readonly #interval: number
  #next = 0
  /** Until then nobody asks: the system wants to be left alone. */
  #restUntil = 0

  /** `undefined`: as fast as it goes. */
  constructor(requestsPerSecond: number | undefined) {
    this.#interval = requestsPerSecond === undefined ? 0 : 1000 / requestsPerSecond
  }

  /** Ends when it is one's turn. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    for (let at = this.#take(); ; at = this.#restUntil) {
      const wait = at - performance.now()
      if (wait > 0) await sleep(wait, undefined, { signal })
      if (performance.now() >= this.#restUntil) return
    }
  }

  /** Nobody asks for so many milliseconds. */
  rest(milliseconds: number): void {
    this.#restUntil = Math.max(this.#restUntil, performance.now() + milliseconds)
  }

  #take(): number {
    const at = Math.max(performance.now(), this.#next, this.#restUntil)
    this.#next = at + this.#interval
    return at
  }
}
