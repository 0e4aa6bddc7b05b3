/**
 * A pool of connections to a server that may be reached in several ways, of which one works today.
 *
 * The way that worked last is tried first, then the others in the order of the URL. As in libpq, a server that refuses the login ends the
 * search, because the others would refuse it as well.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import pg from 'pg'
import { reasonOf, StandbyError } from './errors.ts'
import type { ServerWay } from './server-ways.ts'

/** Shared by all pools of a server, so that what one finds out the others know. */
export class ServerWays {
  readonly #ways: readonly ServerWay[]
  #worked: ServerWay | undefined

  constructor(ways: readonly ServerWay[]) {
    this.#ways = ways
  }

  get inOrder(): readonly ServerWay[] {
    const worked = this.#worked
    return worked === undefined ? this.#ways : [worked, ...this.#ways.filter((way) => way !== worked)]
  }

  worked(way: ServerWay): void {
    this.#worked = way
  }
}

export class ServerPool {
  readonly #pool: pg.Pool
  readonly #ways: ServerWays

  constructor(ways: ServerWays, settings: pg.PoolConfig) {
    this.#pool = new pg.Pool(settings)
    this.#ways = ways
    // An idle connection that the server ends is not used again; without a listener it ends us.
    this.#pool.on('error', () => undefined)
  }

  /** That many connections it makes. */
  get most(): number {
    return this.#pool.options.max
  }

  /** Whether no connection became free in time. */
  static isBusy(error: unknown): boolean {
    return error instanceof Error && error.message === 'timeout exceeded when trying to connect'
  }

  /** Throws what the last way said, or what all hosts did. */
  async connect(): Promise<pg.PoolClient> {
    const failures = new Map<string, unknown>()
    for (const way of this.#ways.inOrder) {
      const place = placeOf(way)
      if (failures.has(place) && !isAboutTls(failures.get(place))) continue
      try {
        // The pool makes a new connection of what stands in its options then; an idle one is as good.
        Object.assign(this.#pool.options, way)
        const client = await this.#pool.connect()
        this.#ways.worked(way)
        return client
      } catch (error) {
        if (isFinal(error) || ServerPool.isBusy(error)) throw error
        failures.set(place, error)
      }
    }
    throw together(failures)
  }

  /** Somebody has ended it, or is about to. */
  get ending(): boolean {
    return this.#pool.ending
  }

  async end(): Promise<void> {
    await this.#pool.end()
  }
}

function placeOf({ host, port }: ServerWay): string {
  return host.startsWith('/') ? host : `${host}:${port}`
}

/** Another host would say the same. That a host has no entry for whoever comes without TLS, or with it, is another matter. */
function isFinal(error: unknown): boolean {
  if (error instanceof StandbyError) return false
  return error instanceof SluiceError || (codeOf(error).startsWith('28') && !isAboutTls(error))
}

/** The same host may answer otherwise with TLS, or without. 28000: no entry in pg_hba.conf. */
function isAboutTls(error: unknown): boolean {
  const code = codeOf(error)
  return (
    code === '28000' ||
    code === 'EPROTO' ||
    code.startsWith('ERR_SSL_') ||
    (error instanceof Error && /\bSSL connections?\b/.test(error.message))
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function together(failures: ReadonlyMap<string, unknown>): unknown {
  const all = [...failures]
  const [[, only] = []] = all
  if (all.length <= 1) return only
  const reasons = all.map(([place, error]) => new Error(`${place}: ${reasonOf(error)}`, { cause: error }))
  return new AggregateError(reasons, 'No server can be used.')
}
