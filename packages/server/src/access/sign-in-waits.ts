/**
 * How long somebody has to wait who gives wrong passwords: nothing at first, then twice as long each time.
 *
 * It is counted by name and address together, so that nobody keeps another person out by guessing at his name from elsewhere; and, with far
 * more room, by each alone, for whoever guesses from many addresses, or at many names.
 *
 * @module
 */

/** Tries that are free, and the longest wait in milliseconds. */
interface Allowance {
  readonly free: number
  readonly longest: number
}

const both: Allowance = { free: 4, longest: 15 * 60_000 }
const address: Allowance = { free: 30, longest: 15 * 60_000 }
/** The person himself waits no longer than this for what others do to his name. */
const name: Allowance = { free: 50, longest: 60_000 }

/** What is remembered; the oldest is forgotten first. */
const most = 10_000
/** Milliseconds after which a wrong password is forgotten. */
const rememberedFor = 60 * 60_000

interface Tried {
  readonly count: number
  readonly at: number
}

export class SignInWaits {
  readonly #tried = new Map<string, Tried>()
  readonly #now: () => number

  /** @param now Milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Counts a try: before it is looked at, so that many at once are not one. Answers the milliseconds to wait, of which 0 lets it be looked at. */
  attempt(tried: string, from: string): number {
    const keys = keysOf(tried, from)
    const wait = Math.max(...keys.map(([key, allowance]) => this.#wait(key, allowance)))
    if (wait > 0) return wait
    for (const [key] of keys) this.#count(key)
    return 0
  }

  /** The password was right. */
  succeeded(tried: string, from: string): void {
    const [[own], ...shared] = keysOf(tried, from)
    this.#tried.delete(own)
    for (const [key] of shared) {
      const before = this.#tried.get(key)
      if (before !== undefined) this.#tried.set(key, { ...before, count: before.count - 1 })
    }
  }

  #wait(key: string, { free, longest }: Allowance): number {
    const before = this.#tried.get(key)
    if (before === undefined || before.count < free) return 0
    const wait = Math.min(longest, 1000 * 2 ** Math.min(before.count - free, 20))
    return Math.max(0, before.at + wait - this.#now())
  }

  #count(key: string): void {
    const now = this.#now()
    const before = this.#tried.get(key)
    const count = before === undefined || now - before.at > rememberedFor ? 1 : before.count + 1
    this.#tried.delete(key)
    this.#tried.set(key, { count, at: now })
    const [oldest] = this.#tried.keys()
    if (this.#tried.size > most && oldest !== undefined) this.#tried.delete(oldest)
  }
}

function keysOf(tried: string, from: string) {
  const small = tried.toLowerCase()
  return [
    [JSON.stringify([small, from]), both],
    [`address ${from}`, address],
    [`name ${small}`, name],
  ] as const
}
