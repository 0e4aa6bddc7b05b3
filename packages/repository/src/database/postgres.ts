/**
 * PostgreSQL behind the database port: a pool of connections, COPY from the client's file, locks
 * that go with their connection.
 *
 * Every connection is set up alike, whatever the server's or the role's defaults are, so that a
 * value reads the same everywhere.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFromStream } from 'pg-copy-streams'
import { identifier, literal } from '../sql/quote.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import type { Copied, Database, QueryResult, Session } from './database.ts'
import {
  ConnectionError,
  ConnectionLostError,
  errorOfStatement,
  ServerTooOldError,
  type StatementFailure,
} from './errors.ts'
import { openFile } from './open-file.ts'
import { exists, one } from './run-statement.ts'
import { SessionScope } from './session-scope.ts'
import { decoderOf, encodeValue } from './values.ts'

const oldestServer = 150_000

/** Connects to the server, checks its version and returns the repository in `schema`, which need not exist yet. */
export async function openPostgres(url: string, schema: string): Promise<Database> {
  const database = new PostgresDatabase(url, schema)
  try {
    await database.session(async (session) => {
      database.temporaryTables = await exists(session, mayMakeTemporaryTables)
    })
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

class PostgresDatabase implements Database {
  readonly kind = 'postgres'
  readonly location: string
  readonly schema: string
  temporaryTables = false
  readonly #pool: pg.Pool
  /** Connections of their own for locks: however many are taken, a session gets its connection. */
  readonly #lockPool: pg.Pool
  readonly #scope = new SessionScope()
  /** The locks under which the running code works. */
  readonly #locks = new AsyncLocalStorage<readonly HeldLock[]>()

  constructor(url: string, schema: string) {
    this.location = withoutPassword(url)
    this.schema = schema
    const settings: pg.PoolConfig = {
      connectionString: url,
      application_name: 'sluice',
      connectionTimeoutMillis: 15_000,
      keepAlive: true,
      types: { getTypeParser: (oid: number) => decoderOf(oid) },
    }
    this.#pool = new pg.Pool({
      ...settings,
      max: 10,
      onConnect: (client) => setUp(client, schema, this.location),
    })
    this.#lockPool = new pg.Pool({
      ...settings,
      max: Number.POSITIVE_INFINITY,
      onConnect: async (client) => {
        client.on('error', () => undefined)
        await client.query(noticeLostClients)
      },
    })
    // An idle connection that the server ends is not used again; without a listener it ends us.
    for (const pool of [this.#pool, this.#lockPool]) pool.on('error', () => undefined)
  }

  session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#scope.enter(async () => {
      this.#checkLocks()
      const client = await this.#connect(this.#pool)
      const session = new PostgresSession(client, this)
      try {
        return await work(session)
      } finally {
        client.release(session.broken)
      }
    })
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.session(async (session) => {
      await session.execute('begin')
      try {
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

  async exclusively<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const client = await this.#connect(this.#lockPool)
    const lock: HeldLock = { lost: undefined }
    const notice = (error: Error) => {
      lock.lost ??= new ConnectionLostError(this.location, error)
    }
    client.on('error', notice)
    const key = lockKey(this.schema, name)
    let free = false
    try {
      free = !(await one(asking(client), takeLock(name, key))).taken
      if (free) return undefined
      return { result: await this.#locks.run([...(this.#locks.getStore() ?? []), lock], work) }
    } finally {
      free ||= await unlock(client, name, key)
      client.off('error', notice)
      // A connection that may still have the lock is ended, and the lock with it.
      client.release(!free)
    }
  }

  async isLocked(name: string): Promise<boolean> {
    const key = lockKey(this.schema, name)
    return await this.session((session) => exists(session, holdersOf(name, key)))
  }

  async checkpoint(): Promise<void> {
    // The server syncs its log at every commit.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#pool.end(), this.#lockPool.end()])
  }

  /** Without its lock the work may not go on: somebody else may have begun the same. */
  #checkLocks(): void {
    for (const { lost } of this.#locks.getStore() ?? []) if (lost !== undefined) throw lost
  }

  async #connect(pool: pg.Pool): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      if (error instanceof ServerTooOldError) throw error
      throw new ConnectionError(this.location, error)
    }
  }
}

class PostgresSession implements Session {
  /** True once the connection must not be used again. */
  broken = false
  readonly #client: pg.PoolClient
  readonly #database: { readonly location: string; readonly schema: string }

  constructor(client: pg.PoolClient, database: { readonly location: string; readonly schema: string }) {
    this.#client = client
    this.#database = database
  }

  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<QueryResult<R>> {
    return await this.#guarded(() => asking(this.#client).query<R>(text, values))
  }

  async execute(text: string): Promise<void> {
    await this.#guarded(() => this.#client.query(text))
  }

  async copyFrom(
    target: string,
    path: string,
    options: string,
    onBytes?: (bytes: number) => void,
  ): Promise<Copied> {
    const copy = copyFromStream(`copy ${target} from stdin with (${options})`)
    // Summed while the server is at work with what came before.
    const hash = createHash('sha256')
    await using handle = await openFile(path)
    const file = handle.createReadStream({ highWaterMark: 256 * 1024, autoClose: false })
    let bytes = 0
    file.on('data', (chunk) => {
      hash.update(chunk)
      bytes += chunk.length
      onBytes?.(bytes)
    })
    await this.#guarded(() => pipeline(file, this.#client.query(copy)))
    return { rows: copy.rowCount, sha256: hash.digest('hex') }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isServerError(error)) {
        if (error.severity === 'FATAL' || error.severity === 'PANIC') this.broken = true
        throw errorOfStatement(failureOf(error), this.#database)
      }
      if (isFileError(error)) throw error
      this.broken = true
      throw new ConnectionLostError(this.#database.location, error)
    }
  }
}

async function unlock(client: pg.PoolClient, name: string, key: string): Promise<boolean> {
  try {
    return (await one(asking(client), releaseLock(name, key))).free
  } catch {
    return false
  }
}

/** As a session that lets errors pass as they are. */
function asking(client: pg.PoolClient): Pick<Session, 'query'> {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) => {
      const { rows, rowCount } = await client.query<R>(text, values.map(encodeValue))
      return { rows, count: rowCount ?? 0 }
    },
  }
}

/** The last statement of its connection while the lock is held, so `pg_stat_activity` tells which lock that is. */
function takeLock(name: string, key: string): Statement<{ taken: boolean }> {
  return statement(
    `database/take-lock ${name}`,
    sql`select pg_try_advisory_lock(${sql.value(key)}::bigint) as taken`,
  )
}

function releaseLock(name: string, key: string): Statement<{ free: boolean }> {
  return statement(
    `database/release-lock ${name}`,
    sql`select pg_advisory_unlock(${sql.value(key)}::bigint) as free`,
  )
}

function holdersOf(name: string, key: string): Statement {
  return statement(
    `database/find-lock ${name}`,
    sql`select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = ${sql.value(key)}::bigint`,
  )
}

interface HeldLock {
  /** Set once its connection broke. */
  lost: ConnectionLostError | undefined
}

/**
 * A client that was killed, or whose machine is gone, is noticed within a minute even in the middle of a long
 * statement, so that its locks are free for another one. Not every system can look for it.
 */
const noticeLostClients = `
    set tcp_keepalives_idle to 20;
    set tcp_keepalives_interval to 10;
    set tcp_keepalives_count to 3;
    do $$ begin perform set_config('client_connection_check_interval', '5s', false); exception when others then null; end $$;`

async function setUp(client: pg.ClientBase, schema: string, location: string): Promise<void> {
  // A connection that ends between two statements says so with an event, which ends the process when
  // nobody listens. The next statement fails by itself.
  client.on('error', () => undefined)
  await client.query(`
    set search_path to ${identifier(schema)};
    set datestyle to 'ISO, YMD';
    set timezone to 'UTC';
    set client_min_messages to warning;
    set statement_timeout to 0;
    set idle_in_transaction_session_timeout to 0;
    set bytea_output to hex;
    ${noticeLostClients}
  `)
  // Joins of whole tables are our daily work: the default of 4 MB would send each of them to disk.
  const { rows } = await client.query<{ number: number; version: string }>(`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
           case when pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
                then set_config('work_mem', '64MB', false) end
  `)
  const [server] = rows
  if (server && server.number < oldestServer) throw new ServerTooOldError(location, server.version)
}

/** Advisory locks know only numbers, and are shared by all schemas of a database. */
function lockKey(schema: string, name: string): string {
  return createHash('sha256')
    .update(`sluice ${literal(schema)} ${literal(name)}`)
    .digest()
    .readBigInt64BE()
    .toString()
}

interface ServerError extends StatementFailure {
  readonly severity: string
}

function isServerError(error: unknown): error is Error & ServerError {
  return error instanceof Error && 'severity' in error && typeof error.severity === 'string'
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

function failureOf(error: ServerError): StatementFailure {
  const { message, code, detail, constraint, where } = error
  return { message, code, detail, constraint, where, cause: error }
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url)
    const port = parsed.port || '5432'
    const user = parsed.username ? `${parsed.username}@` : ''
    return `${parsed.protocol}//${user}${parsed.hostname || 'localhost'}:${port}${parsed.pathname}`
  } catch {
    return 'postgresql://(unreadable url)'
  }
}
