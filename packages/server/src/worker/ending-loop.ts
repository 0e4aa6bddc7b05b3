/**
 * A loop that goes on until the server stops, and then has a short while to end in.
 *
 * @module
 */

/** Milliseconds for what is at work when the server is asked to stop. */
const endingTime = 3000

export interface Ending {
  /** The server is asked to stop: nothing new is begun. */
  readonly stopping: AbortSignal
  /** What is still at work has to end. */
  readonly givingUp: AbortSignal
}

export class EndingLoop {
  readonly #stopping = new AbortController()
  readonly #giveUp = new AbortController()
  readonly #watch: (ending: Ending) => Promise<void>
  #running: Promise<void> | undefined

  constructor(watch: (ending: Ending) => Promise<void>) {
    this.#watch = watch
  }

  get #ending(): Ending {
    return { stopping: this.#stopping.signal, givingUp: this.#giveUp.signal }
  }

  start(): void {
    this.#running ??= this.#watch(this.#ending)
  }

  /** Does nothing where it was not started. `last`: what is done once more behind it, in the same while. */
  async stop(last: (ending: Ending) => Promise<void> = async () => undefined): Promise<void> {
    if (this.#running === undefined) return
    this.#stopping.abort()
    const timer = setTimeout(() => this.#giveUp.abort(), endingTime)
    try {
      await this.#running
      await last(this.#ending)
    } finally {
      clearTimeout(timer)
    }
  }
}
