/**
 * Sessions of people at the servers of a repository: begun, found by their secret, ended. All servers share them.
 *
 * As of tokens, a secret is 256 random bits, known to the browser alone and kept here as its SHA-256.
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type AccessSession, accessSessionSchema, type Role, roles } from '@sluice/model'
import { z } from 'zod'
import { askTogether } from '../database/ask-together.ts'
import type { Database, Row } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { UnknownSessionError } from './account-errors.ts'

/** Who signs in: a person with an account, or whoever has brought a token. */
export type SignedIn = Pick<AccessSession, 'kind' | 'name'>

interface SessionStart {
  /** Milliseconds without a request after which it ends. */
  readonly idle: number
  /** Milliseconds after which it ends. */
  readonly absolute: number
  readonly address: string
  readonly userAgent: string | undefined
}

/** A session that holds, with what its account or token permits at this moment. */
export interface FoundSession {
  readonly session: AccessSession
  readonly role: Role
  /** Of an agent's token. */
  readonly sources: readonly string[]
  readonly hasPassword: boolean
}

export interface SessionStore {
  /** The secret is in this answer and nowhere else. */
  begin(
    who: SignedIn,
    start: SessionStart,
  ): Promise<{ readonly session: AccessSession; readonly secret: string }>
  /** The session whose secret this is, unless it is over; notes that it was seen. */
  find(secret: string): Promise<FoundSession | undefined>
  /** Those that hold, last seen first; of all where nobody is named. */
  list(of?: SignedIn): Promise<readonly AccessSession[]>
  /** Throws where there is none of this id, or not one of whoever is named. */
  end(id: string, of?: SignedIn): Promise<AccessSession>
}

const secretForm = /^[A-Za-z0-9_-]{43}$/
/** Characters of what a browser calls itself. */
const longestUserAgent = 200

export function openSessionStore(database: Database): SessionStore {
  const ask = askTogether((digests: readonly Buffer[]) => findAll(database, digests))
  return {
    begin: (who, start) => begin(database, who, start),
    find: async (secret) => (secretForm.test(secret) ? await ask(digestOf(secret)) : undefined),
    list: async (of) => (await database.session((session) => run(session, holding(of)))).rows.map(decode),
    end: async (id, of) => {
      if (!z.uuid().safeParse(id).success) throw new UnknownSessionError(id)
      const [row] = (await database.session((session) => run(session, deleteSession(id, of)))).rows
      if (row === undefined) throw new UnknownSessionError(id)
      return decode(row)
    },
  }
}

const columns = sql`s.session_id, s.account, s.token, s.created_at, s.last_seen_at, s.ends_at, s.address, s.user_agent`
const isOver = sql`(s.ends_at <= clock_timestamp() or s.last_seen_at + s.idle <= clock_timestamp())`

/** Condition on a row `s`. */
function ofWhom(of: SignedIn | undefined): SQL {
  if (of === undefined) return sql.true
  return of.kind === 'account' ? sql`s.account = ${sql.value(of.name)}` : sql`s.token = ${sql.value(of.name)}`
}

async function begin(database: Database, who: SignedIn, start: SessionStart) {
  const secret = randomBytes(32).toString('base64url')
  const row = await database.session((session) => one(session, insertSession(who, start, digestOf(secret))))
  return { session: decode(row), secret }
}

function insertSession(
  { kind, name }: SignedIn,
  { idle, absolute, address, userAgent }: SessionStart,
  digest: Buffer,
): Statement<Row> {
  const after = (milliseconds: number) => sql`${sql.value(milliseconds)}::float8 * interval '1 millisecond'`
  const agent = userAgent?.slice(0, longestUserAgent) ?? null
  return statement(
    'sessions/begin',
    sql`insert into sluice_session as s (secret_sha256, account, token, idle, ends_at, address, user_agent)
    values (${bytes(digest)}, ${sql.value(kind === 'account' ? name : null)}, ${sql.value(kind === 'token' ? name : null)},
      ${after(idle)}, clock_timestamp() + ${after(absolute)}, ${sql.value(address)}, ${sql.value(agent)})
    returning ${columns}`,
  )
}

function holding(of: SignedIn | undefined): Statement<Row> {
  return statement(
    'sessions/list',
    sql`select ${columns} from sluice_session s where ${ofWhom(of)} and not ${isOver}
    order by s.last_seen_at desc, s.session_id limit 1000`,
  )
}

function deleteSession(id: string, of: SignedIn | undefined): Statement<Row> {
  const where = allOf([sql`s.session_id = ${sql.value(id)}::uuid`, ofWhom(of)])
  return statement('sessions/end', sql`delete from sluice_session s where ${where} returning ${columns}`)
}

interface FoundRow extends Row {
  readonly secret_sha256: Uint8Array
  readonly session_id: string
  readonly stale: boolean
}

async function findAll(
  database: Database,
  digests: readonly Buffer[],
): Promise<readonly (FoundSession | undefined)[]> {
  return await database.session(async (session) => {
    const { rows } = await run(session, sessionsOf(digests))
    // A row version per request would be more work than most requests are.
    for (const { session_id: id, stale } of rows) if (stale) await run(session, noteSeen(id))
    return digests.map((digest) => {
      const row = rows.find(({ secret_sha256 }) => timingSafeEqual(secret_sha256, digest))
      return row === undefined ? undefined : found(row)
    })
  })
}

function sessionsOf(digests: readonly Buffer[]): Statement<FoundRow> {
  return statement(
    'sessions/find',
    sql`select ${columns}, s.secret_sha256, coalesce(a.role, t.role) as role, coalesce(t.sources, '{}') as sources,
      a.password_hash is not null as has_password, s.last_seen_at < clock_timestamp() - interval '1 minute' as stale
    from sluice_session s left join sluice_account a on a.name = s.account left join sluice_token t on t.name = s.token
    where s.secret_sha256 in (${commas(digests.map(bytes))}) and not ${isOver} and a.disabled_at is null
      and (t.expires_at is null or t.expires_at > now())`,
  )
}

function noteSeen(id: string): Statement {
  return statement(
    'sessions/note-seen',
    sql`update sluice_session set last_seen_at = clock_timestamp() where session_id = ${sql.value(id)}::uuid`,
  )
}

const factsSchema = z.object({
  role: z.enum(roles),
  sources: z.array(z.string()),
  has_password: z.boolean(),
})

function found(row: FoundRow): FoundSession {
  const { role, sources, has_password: hasPassword } = factsSchema.parse(row)
  return { session: decode(row), role, sources, hasPassword }
}

function decode(row: Row): AccessSession {
  const account = row['account']
  return accessSessionSchema.parse({
    id: row['session_id'],
    kind: account === null ? 'token' : 'account',
    name: account ?? row['token'],
    createdAt: row['created_at'],
    lastSeenAt: row['last_seen_at'],
    endsAt: row['ends_at'],
    address: row['address'],
    userAgent: row['user_agent'],
  })
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function bytes(digest: Buffer): SQL {
  return sql`decode(${sql.value(digest.toString('hex'))}, 'hex')`
}
