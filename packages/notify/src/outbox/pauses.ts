/**
 * When notifications that wait are due, whatever becomes of the clock of the database.
 *
 * That clock is asked once for each time that a notification is put off: it knows what was before this process. From then on the time is that of
 * this process, which only goes forward. So a clock that is set neither silences a notification nor makes all of them due at once.
 *
 * @module
 */

/** A notification that waits, as the outbox has it. */
export interface Waiting {
  readonly id: string
  readonly receiver: string
  /** How often it was tried. */
  readonly attempts: number
  /** Otherwise whenever it is put off, or somebody wants it tried again. */
  readonly dueAt: string
  /** Milliseconds until it is due, by the clock of the database. */
  readonly rest: number
  /** Milliseconds for which it was put off; more than that is never to be waited. */
  readonly putOff: number
  /** Milliseconds since it was written, or somebody wanted it tried again, by the clock of the database. */
  readonly age: number
}

interface Seen {
  readonly dueAt: string
  /** When it is due, as this process counts. */
  readonly due: number
  /** Since when it is tried, as this process counts. */
  readonly since: number
}

/** By how much two servers and a database may be apart. Milliseconds. */
const tolerance = 60_000

export class Pauses {
  readonly #now: () => number
  #seen: ReadonlyMap<string, Seen> = new Map()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Those that are due, in the order in which they are given. To be told of all that wait, each time. */
  due(waiting: readonly Waiting[]): readonly Waiting[] {
    const now = this.#now()
    const seen = new Map<string, Seen>()
    for (const one of waiting) {
      const before = this.#seen.get(one.id)
      seen.set(one.id, before?.dueAt === one.dueAt ? before : this.#firstSeen(one, before, now))
    }
    this.#seen = seen
    return waiting.filter(({ id }) => (seen.get(id)?.due ?? now) <= now)
  }

  /** Those of them that wait for longer than so many milliseconds. */
  olderThan(milliseconds: number, waiting: readonly Waiting[]): readonly Waiting[] {
    const now = this.#now()
    return waiting.filter(({ id, age }) => now - (this.#seen.get(id)?.since ?? now - age) > milliseconds)
  }

  #firstSeen({ rest, putOff, age, attempts, dueAt }: Waiting, before: Seen | undefined, now: number): Seen {
    // Further away than it was ever put off: the clock was set back since.
    const left = rest > putOff + tolerance ? 0 : Math.max(0, rest)
    const since = before !== undefined && attempts > 0 ? before.since : now - Math.max(0, age)
    return { dueAt, due: now + left, since }
  }
}
