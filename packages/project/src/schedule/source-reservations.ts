/**
 * Reserves for a job the sources that it shares with others.
 *
 * A job takes all its sources at once, so that two never wait for one another; and nobody overtakes one
 * who waits for a source both want, so that a long job comes to run.
 *
 * @module
 */

interface Waiting {
  readonly names: readonly string[]
  readonly go: () => void
}

export class SourceReservations {
  readonly #reserved = new Set<string>()
  readonly #queue: Waiting[] = []

  /** Those of `names` that somebody has, or waits for. */
  busy(names: readonly string[]): readonly string[] {
    const wanted = new Set([...this.#reserved, ...this.#queue.flatMap((waiting) => waiting.names)])
    return names.filter((name) => wanted.has(name))
  }

  /** Runs `work` when all of `names` are free; rejects with the reason of `signal` when it is given up before. */
  async run<T>(names: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#reserve(names, signal)
    try {
      return await work()
    } finally {
      for (const name of names) this.#reserved.delete(name)
      this.#next()
    }
  }

  async #reserve(names: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        const position = this.#queue.indexOf(waiting)
        if (position === -1) return
        this.#queue.splice(position, 1)
        reject(signal.reason)
        this.#next()
      }
      const go = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const waiting: Waiting = { names, go }
      signal.addEventListener('abort', giveUp)
      this.#queue.push(waiting)
      this.#next()
    })
  }

  #next(): void {
    const wanted = new Set<string>()
    for (const waiting of [...this.#queue]) {
      const free = waiting.names.every((name) => !this.#reserved.has(name) && !wanted.has(name))
      for (const name of waiting.names) wanted.add(name)
      if (!free) continue
      this.#queue.splice(this.#queue.indexOf(waiting), 1)
      for (const name of waiting.names) this.#reserved.add(name)
      waiting.go()
    }
  }
}
