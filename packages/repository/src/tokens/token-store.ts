/**
 * The tokens of a repository: made, listed, revoked, and found by the secret that a request brings.
 *
 * A secret is 256 random bits, shown once when it is made and kept only as its SHA-256. It is looked
 * up by that sum, so neither the table nor the time a look-up takes tells anything about it.
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type NewToken, type Token, tokenSchema } from '@sluice/model'
import { askTogether } from '../database/ask-together.ts'
import type { Database, Row } from '../database/database.ts'
import { preparing } from '../database/preparing.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { TokenExistsError, TokenRefusedError, UnknownTokenError } from './token-errors.ts'

export interface TokenStore {
  /** The secret is in this answer and nowhere else. */
  create(
    token: NewToken,
    by: string,
    sources: Iterable<string>,
  ): Promise<{ readonly token: Token; readonly secret: string }>
  /** By name. */
  list(): Promise<readonly Token[]>
  /** Requests with it fail from now on. */
  revoke(name: string): Promise<Token>
  /** The token whose secret this is, unless it has expired; notes that it was used. */
  find(secret: string): Promise<Token | undefined>
}

/** Prefix and base64url of 32 bytes: recognised by scanners that look for leaked secrets. */
const secretForm = /^slc_[A-Za-z0-9_-]{43}$/

const columns = sql`name, role, sources, created_at, created_by, expires_at, last_used_at`

/** The tokens that a server of this repository lets callers in by. */
export function openTokenStore(database: Database): TokenStore {
  return {
    create: (token, by, sources) => create(database, token, by, sources),
    list: () => list(database),
    revoke: (name) => revoke(database, name),
    find: finder(database),
  }
}

async function create(database: Database, token: NewToken, by: string, sources: Iterable<string>) {
  refuse(token, new Set(sources))
  const secret = `slc_${randomBytes(32).toString('base64url')}`
  const insert = insertToken(token, by, digestOf(secret).toString('hex'))
  const { rows } = await database.session((session) => run(session, insert))
  const [row] = rows
  if (row === undefined) throw new TokenExistsError(token.name)
  return { token: decode(row), secret }
}

/** Returns no row where the name is taken. */
function insertToken({ name, role, sources, expiresAt }: NewToken, by: string, hex: string): Statement<Row> {
  return statement(
    'tokens/insert',
    sql`insert into sluice_token (name, secret_sha256, role, sources, created_by, expires_at)
    values (${sql.value(name)}, ${bytes(hex)}, ${sql.value(role)}, ${sql.value(sources)},
      ${sql.value(by)}, ${sql.value(expiresAt ?? null)})
    on conflict (name) do nothing returning ${columns}`,
  )
}

function refuse({ name, role, sources, expiresAt }: NewToken, known: ReadonlySet<string>): void {
  const there = `The sources are ${[...known].join(', ')}.`
  if (role === 'agent' && sources.length === 0) {
    throw new TokenRefusedError(name, 'an agent needs the sources it may deliver', there)
  }
  if (role !== 'agent' && sources.length > 0) {
    const remedy = 'Leave out --source, or give it the role agent.'
    throw new TokenRefusedError(name, `a token of the role ${role} reaches every source`, remedy)
  }
  const unknown = sources.filter((source) => !known.has(source))
  if (unknown.length > 0) {
    throw new TokenRefusedError(name, `there is no source called ${unknown.join(', ')}`, there)
  }
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) {
    throw new TokenRefusedError(name, `${expiresAt} is in the past`, 'Give an end in the future, or none.')
  }
}

async function list(database: Database): Promise<readonly Token[]> {
  const { rows } = await database.session((session) => run(session, allTokens))
  return rows.map(decode)
}

const allTokens = statement<Row>('tokens/list', sql`select ${columns} from sluice_token order by name`)

async function revoke(database: Database, name: string): Promise<Token> {
  const { rows } = await database.session((session) => run(session, deleteToken(name)))
  const [row] = rows
  if (row === undefined) throw new UnknownTokenError(name)
  return decode(row)
}

function deleteToken(name: string): Statement<Row> {
  return statement(
    'tokens/delete',
    sql`delete from sluice_token where name = ${sql.value(name)} returning ${columns}`,
  )
}

/** Of all secrets that arrive in the same moment: a token is looked for with every request. */
function finder(database: Database): TokenStore['find'] {
  const ask = askTogether((digests: readonly Buffer[]) => findAll(database, digests))
  return async (secret) => (secretForm.test(secret) ? await ask(digestOf(secret)) : undefined)
}

async function findAll(
  database: Database,
  digests: readonly Buffer[],
): Promise<readonly (Token | undefined)[]> {
  return await database.session(async (session) => {
    const { rows } = await run(preparing(session), validTokens(digests))
    // A row version per request would be more work than most requests are.
    for (const { name, stale } of rows) if (stale) await run(session, noteUse(String(name)))
    return digests.map((digest) => {
      const row = rows.find(({ secret_sha256 }) => timingSafeEqual(secret_sha256, digest))
      return row === undefined ? undefined : decode(row)
    })
  })
}

interface FoundToken extends Row {
  readonly secret_sha256: Uint8Array
  /** Its last use was noted a while ago. */
  readonly stale: boolean
}

function validTokens(digests: readonly Buffer[]): Statement<FoundToken> {
  const sums = digests.map((digest) => `\\x${digest.toString('hex')}`)
  return statement(
    'tokens/find',
    sql`select ${columns}, secret_sha256,
      last_used_at is null or last_used_at < now() - interval '1 minute' as stale
    from sluice_token where secret_sha256 = any(${sql.value(sums)}::bytea[]) and (expires_at is null or expires_at > now())`,
  )
}

function noteUse(name: string): Statement {
  return statement(
    'tokens/note-use',
    sql`update sluice_token set last_used_at = now() where name = ${sql.value(name)}`,
  )
}

function bytes(hex: string): SQL {
  return sql`decode(${sql.value(hex)}, 'hex')`
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function decode(row: Row): Token {
  return tokenSchema.parse({
    name: row['name'],
    role: row['role'],
    sources: row['sources'],
    createdAt: row['created_at'],
    createdBy: row['created_by'],
    expiresAt: row['expires_at'],
    lastUsedAt: row['last_used_at'],
  })
}
