/**
 * Counts requests for the rate limit by a clock that only goes forward.
 *
 * The store that the plugin brings asks what time it is: after the clock was set back by a day, whoever was just over the limit is
 * sent away for that day.
 *
 * @module
 */
import type { FastifyRateLimitStore } from '@fastify/rate-limit'

/** Callers that are remembered; of more, those who asked longest ago are forgotten, and begin anew. */
const most = 5000

interface Window {
  readonly count: number
  readonly startedAt: number
}

type Counted = Parameters<FastifyRateLimitStore['incr']>[1]

export class SteadyRateStore implements FastifyRateLimitStore {
  readonly #windows = new Map<string, Window>()

  /** Counts one request of `key`: how many there were since its window began, and milliseconds until that ends. */
  incr(key: string, done: Counted, timeWindow: number): void {
    const now = performance.now()
    const found = this.#windows.get(key)
    const alive = found !== undefined && now - found.startedAt < timeWindow
    const window = alive ? { ...found, count: found.count + 1 } : { count: 1, startedAt: now }
    // Behind all others, as the one that asked last.
    this.#windows.delete(key)
    this.#windows.set(key, window)
    const [oldest] = this.#windows.keys()
    if (this.#windows.size > most && oldest !== undefined) this.#windows.delete(oldest)
    done(null, { current: window.count, ttl: timeWindow - (now - window.startedAt) })
  }

  /** Another limit, with counts of its own. */
  child(): SteadyRateStore {
    return new SteadyRateStore()
  }
}
