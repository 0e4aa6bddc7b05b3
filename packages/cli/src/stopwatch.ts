/**
 * What the person at the keyboard has waited for.
 *
 * @module
 */

/** Milliseconds. */
export interface Waited {
  readonly total: number
  /** Of that, until the project was open: the start of the program, its configuration, the repository or the way to a server. */
  readonly opening: number
}

export class Stopwatch {
  readonly #now: () => number
  #since: number
  #opening = 0

  /** `startedAt`: when the waiting began, on the clock of `now`. */
  constructor(startedAt: number, now: () => number = () => performance.now()) {
    this.#since = startedAt
    this.#now = now
  }

  /** The project is open. */
  opened(): void {
    this.#opening = this.#now() - this.#since
  }

  /** The time since the last lap, or since it began; the next one begins. */
  lap(): Waited {
    const now = this.#now()
    const waited = { total: now - this.#since, opening: this.#opening }
    this.#since = now
    this.#opening = 0
    return waited
  }
}
