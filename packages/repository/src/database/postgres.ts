/**
 * PostgreSQL behind the database port: pools of connections, and locks that go with their connection.
 *
 * Every connection is set up alike, whatever the server's or the role's defaults are: see session-settings.ts.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DatabaseUrl, describeDatabaseUrl, readDatabaseUrl, SluiceError } from '@sluice/model'
import type pg from 'pg'
import { sql, statement } from '../sql/statement.ts'
import type { Database, Session } from './database.ts'
import { decoderOf } from './decoders.ts'
import { ConnectionError, ConnectionLostError, ConnectionsBusyError, DatabaseUrlError } from './errors.ts'
import {
  holdersOf,
  lockKey,
  releaseLock,
  shareLock,
  takeLock,
  tryLock,
  unshareLock,
} from './lock-statements.ts'
import { passwordFromFile } from './password-file.ts'
import { proveSessions } from './pooler.ts'
import { PostgresSession } from './postgres-session.ts'
import { exists, one, run } from './run-statement.ts'
import { ServerPool, ServerWays } from './server-pool.ts'
import { waysTo } from './server-ways.ts'
import { SessionScope } from './session-scope.ts'
import { beginTransaction } from './session-settings.ts'
import { setUpConnection } from './set-up-connection.ts'

/** Milliseconds in which a connection has to be made, and to answer for the first time. */
const connectWithin = 15_000
/** Milliseconds that letting a lock go may take; it goes with its connection anyway. */
const letGoWithin = 1000
/** Milliseconds until a shared lock whose connection was lost is taken again. */
const shareAgainAfter = 1000

/** Connects to the server, checks what stands there and returns the repository in `schema`, which need not exist yet. */
export async function openPostgres(text: string, schema: string): Promise<Database> {
  // biome-ignore lint/style/noProcessEnv: PGSSLMODE and its like, as every program of PostgreSQL takes them
  const url = readDatabaseUrl(text, process.env)
  if ('problem' in url) throw new DatabaseUrlError(url)
  const ways = new ServerWays(await waysTo(url, describeDatabaseUrl(url)))
  const database = new PostgresDatabase(url, ways, schema)
  try {
    await database.session(async (session) => {
      database.temporaryTables = await exists(session, mayMakeTemporaryTables)
      database.endsAtMark = await exists(session, endsAtMark)
    })
    await database.proveSessions()
    return database
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

const mayMakeTemporaryTables = statement(
  'database/may-make-temporary-tables',
  sql`select where has_database_privilege(current_database(), 'temporary')`,
)

const endsAtMark = statement(
  'database/ends-at-mark',
  sql`select where current_setting('server_version_num')::int < 180000`,
)

class PostgresDatabase implements Database {
  readonly kind = 'postgres'
  readonly location: string
  readonly schema: string
  temporaryTables = false
  /** The server ends a COPY at a line `\.`. */
  endsAtMark = false
  readonly #settings: pg.PoolConfig
  readonly #ways: ServerWays
  readonly #pool: ServerPool
  /** Pools of those who wait for nobody here. */
  readonly #apart: ServerPool[] = []
  #pooled = false
  /** Connections of their own for locks: however many are taken, a session gets its connection. */
  readonly #lockPool: ServerPool
  readonly #scope = new SessionScope()
  /** The locks under which the running code works. */
  readonly #locks = new AsyncLocalStorage<readonly HeldLock[]>()

  constructor(url: DatabaseUrl, ways: ServerWays, schema: string) {
    this.location = describeDatabaseUrl(url)
    this.schema = schema
    const { user, password, database, options } = url
    const timeout = url.connectTimeout === undefined ? connectWithin : url.connectTimeout * 1000
    const setUp = { schema, location: this.location, needsPrimary: needsPrimary(url) }
    this.#ways = ways
    this.#settings = {
      user,
      password: password ?? passwordFromFile,
      database,
      options,
      application_name: url.applicationName ?? 'sluice',
      connectionTimeoutMillis: timeout,
      keepAlive: true,
      // A connection that ends between two statements says so with an event, which ends the process when
      // nobody listens. The next statement fails by itself.
      onConnect: async (client) => {
        client.on('error', () => undefined)
        this.#pooled = await within(timeout, setUpConnection(client, setUp))
      },
      types: { getTypeParser: (oid: number) => decoderOf(oid) },
    }
    this.#pool = this.#openPool(10)
    this.#lockPool = this.#openPool(Number.POSITIVE_INFINITY)
  }

  #openPool(max: number): ServerPool {
    return new ServerPool(this.#ways, { ...this.#settings, max })
  }

  apart(connections: number): Database {
    const pool = this.#openPool(connections)
    this.#apart.push(pool)
    return {
      kind: this.kind,
      location: this.location,
      schema: this.schema,
      temporaryTables: this.temporaryTables,
      apart: (more) => this.apart(more),
      session: (work) => this.#sessionOf(pool, work),
      transaction: (work) => this.#transactionOf(pool, work),
      exclusively: (name, work) => this.exclusively(name, work),
      share: (name) => this.share(name),
      tryExclusive: (session, name) => this.tryExclusive(session, name),
      isLocked: (name) => this.#isLocked(pool, name),
      checkpoint: () => this.checkpoint(),
      [Symbol.asyncDispose]: () => pool.end(),
    }
  }

  session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#sessionOf(this.#pool, work)
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#transactionOf(this.#pool, work)
  }

  #sessionOf<T>(pool: ServerPool, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#connected(pool, async (session) => {
      await session.check()
      return await work(session)
    })
  }

  #transactionOf<T>(pool: ServerPool, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#connected(pool, async (session) => {
      await session.execute(beginTransaction)
      try {
        // From here to its end, a transaction stays in the session where it began.
        await session.check()
        const result = await work(session)
        this.#checkLocks()
        await session.execute('commit')
        return result
      } catch (error) {
        // The first error counts; a connection that cannot roll back is closed, which does it too.
        await session.execute('rollback').catch(() => undefined)
        throw error
      }
    })
  }

  #connected<T>(pool: ServerPool, work: (session: PostgresSession) => Promise<T>): Promise<T> {
    return this.#scope.enter(async () => {
      this.#checkLocks()
      const client = await this.#connect(pool)
      const session = new PostgresSession(client, this)
      try {
        return await work(session)
      } finally {
        client.release(session.broken)
      }
    })
  }

  /** Throws where a pooler lends the sessions of one connection to others. */
  async proveSessions(): Promise<void> {
    if (!this.#pooled) return
    const one = await this.#connect(this.#pool)
    try {
      const other = await this.#connect(this.#pool)
      try {
        await new PostgresSession(one, this).guarded(() => proveSessions(one, other, this.location))
      } finally {
        other.release(true)
      }
    } finally {
      one.release(true)
    }
  }

  async exclusively<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const client = await this.#connect(this.#lockPool)
    const session = new PostgresSession(client, this)
    const lock: HeldLock = { lost: undefined }
    const notice = (error: Error) => {
      lock.lost ??= new ConnectionLostError(this.location, error)
    }
    client.on('error', notice)
    const key = lockKey(this.schema, name)
    let free = false
    try {
      await session.check()
      free = !(await one(session, takeLock(name, key))).taken
      if (free) return undefined
      return { result: await this.#locks.run([...(this.#locks.getStore() ?? []), lock], work) }
    } finally {
      free ||= await unlock(session, name, key)
      client.off('error', notice)
      // A connection that may still have the lock is ended, and the lock with it.
      client.release(!free)
    }
  }

  async share(name: string): Promise<AsyncDisposable> {
    const end = new AbortController()
    const first = await this.#shareOnce(name, end.signal)
    const kept = this.#keepSharing(name, first, end.signal)
    return {
      [Symbol.asyncDispose]: async () => {
        end.abort()
        await kept
      },
    }
  }

  /** Resolves, when the lock is shared, to what resolves when it is not any more. */
  async #shareOnce(name: string, signal: AbortSignal): Promise<{ readonly over: Promise<void> }> {
    const client = await this.#connect(this.#lockPool)
    const session = new PostgresSession(client, this)
    const key = lockKey(this.schema, name)
    try {
      await session.check()
      await run(session, shareLock(name, key))
    } catch (error) {
      client.release(true)
      throw error
    }
    const over = new Promise<void>((resolve) => {
      client.once('end', resolve)
      client.once('error', () => resolve())
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    }).then(async () => {
      // The end of a connection reaches the server after a while only.
      await within(letGoWithin, run(session, unshareLock(name, key))).catch(() => undefined)
      client.release(true)
    })
    return { over }
  }

  async #keepSharing(name: string, first: { readonly over: Promise<void> }, signal: AbortSignal) {
    let shared: { readonly over: Promise<void> } | undefined = first
    while (!signal.aborted) {
      await shared?.over
      if (signal.aborted) return
      await sleep(shareAgainAfter, undefined, { signal }).catch(() => undefined)
      shared = await this.#shareOnce(name, signal).catch(() => undefined)
    }
    await shared?.over
  }

  async tryExclusive(session: Session, name: string): Promise<boolean> {
    return (await one(session, tryLock(name, lockKey(this.schema, name)))).taken
  }

  async isLocked(name: string): Promise<boolean> {
    return await this.#isLocked(this.#pool, name)
  }

  async #isLocked(pool: ServerPool, name: string): Promise<boolean> {
    const key = lockKey(this.schema, name)
    return await this.#sessionOf(pool, (session) => exists(session, holdersOf(name, key)))
  }

  async checkpoint(): Promise<void> {
    // The server syncs its log at every commit.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [this.#pool, this.#lockPool, ...this.#apart].filter((pool) => !pool.ending)
    await Promise.all(pools.map((pool) => pool.end()))
  }

  /** Without its lock the work may not go on: somebody else may have begun the same. */
  #checkLocks(): void {
    for (const { lost } of this.#locks.getStore() ?? []) if (lost !== undefined) throw lost
  }

  async #connect(pool: ServerPool): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      if (error instanceof SluiceError) throw error
      if (ServerPool.isBusy(error)) throw new ConnectionsBusyError(this.location, pool.most, error)
      throw new ConnectionError(this.location, error)
    }
  }
}

async function unlock(session: Session, name: string, key: string): Promise<boolean> {
  try {
    return (await one(session, releaseLock(name, key))).free
  } catch {
    return false
  }
}

interface HeldLock {
  /** Set once its connection broke. */
  lost: ConnectionLostError | undefined
}

/** The result of `work`; throws when it takes longer. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds / 1000} seconds`)),
      milliseconds,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Of several hosts one may be the primary; of one alone, what waits is tried again while it is none. */
function needsPrimary({ session, hosts }: DatabaseUrl): boolean {
  return session === undefined ? hosts.length > 1 : session !== 'any'
}
