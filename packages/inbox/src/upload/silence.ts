/**
 * For how long nothing was heard of deliveries that are on their way, whatever becomes of the clock of the database.
 *
 * That clock is asked once, when a delivery is first seen: it knows what was before this process. From then on the time is that of this process,
 * which only goes forward. A clock that is set forward by a day gives up nothing that was heard of a minute ago.
 *
 * @module
 */
import type { ArrivingDelivery } from '../queue/queue.ts'

interface Seen {
  readonly heardAt: string
  /** Milliseconds that had passed when it was first seen. */
  readonly age: number
  /** When that was. */
  readonly at: number
}

export class Silence {
  readonly #now: () => number
  #seen: ReadonlyMap<string, Seen> = new Map()
  #lookedAt: number | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Those of which nothing was heard for more than so many milliseconds. To be told of all that are on their way, each time. */
  longerThan(milliseconds: number, arriving: readonly ArrivingDelivery[]): readonly ArrivingDelivery[] {
    const now = this.#now()
    // What was heard since the last look cannot be older than that look.
    const oldest = this.#lookedAt === undefined ? Number.POSITIVE_INFINITY : now - this.#lookedAt
    const seen = new Map<string, Seen>()
    for (const { id, heardAt, age } of arriving) {
      const before = this.#seen.get(id)
      const fresh = { heardAt, age: Math.min(Math.max(age, 0), oldest), at: now }
      seen.set(id, before?.heardAt === heardAt ? before : fresh)
    }
    this.#seen = seen
    this.#lookedAt = now
    return arriving.filter(({ id }) => {
      const one = seen.get(id)
      return one !== undefined && one.age + now - one.at > milliseconds
    })
  }
}
