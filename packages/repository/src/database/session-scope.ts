/**
 * Which session of a database the running code is in.
 *
 * A session opened inside another one of the same database is a mistake: on PGlite it would wait
 * for itself for ever, on PostgreSQL it would not see what the outer one wrote. Both adapters
 * refuse it here, at once.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'

interface Scope {
  open: boolean
}

/** One per opened database. */
export class SessionScope {
  readonly #current = new AsyncLocalStorage<Scope>()

  /** Runs `work` as the session; throws when the caller is inside one already. */
  async enter<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) {
      throw new Error(
        'A session was opened inside another session of the same database: pass the outer one on.',
      )
    }
    const scope: Scope = { open: true }
    try {
      return await this.#current.run(scope, work)
    } finally {
      // Work that outlives its session (timers, streams) may open one of its own.
      scope.open = false
    }
  }
}
