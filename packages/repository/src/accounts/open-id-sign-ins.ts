/**
 * Browsers that are at a provider of OpenID Connect in this moment, with what only they and this repository know. Any server may see them come back.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'

export interface OpenIdSignIn {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Where the person goes on in the console, below it. */
  readonly returnTo: string
}

export interface OpenIdSignIns {
  /** The secret that the browser keeps. */
  begin(signIn: OpenIdSignIn): Promise<string>
  /** What was kept under the secret, once and for a while. */
  take(secret: string): Promise<OpenIdSignIn | undefined>
}

/** As long as somebody may take at the provider: to find a phone, to choose a new password. */
const within = sql`interval '15 minutes'`

export function openOpenIdSignIns(database: Database): OpenIdSignIns {
  return {
    async begin(signIn) {
      const secret = randomBytes(32).toString('base64url')
      await database.session((session) => run(session, insertSignIn(signIn, secret)))
      return secret
    },
    async take(secret) {
      const { rows } = await database.session((session) => run(session, deleteSignIn(secret)))
      return rows[0]
    },
  }
}

function insertSignIn({ state, nonce, codeVerifier, returnTo }: OpenIdSignIn, secret: string): Statement {
  return statement(
    'open-id/begin',
    sql`insert into sluice_open_id_sign_in (secret_sha256, state, nonce, code_verifier, return_to, ends_at)
    values (${digestOf(secret)}, ${sql.value(state)}, ${sql.value(nonce)}, ${sql.value(codeVerifier)}, ${sql.value(returnTo)},
      clock_timestamp() + ${within})`,
  )
}

function deleteSignIn(secret: string): Statement<OpenIdSignIn> {
  return statement(
    'open-id/take',
    sql`delete from sluice_open_id_sign_in where secret_sha256 = ${digestOf(secret)} and ends_at > clock_timestamp()
    returning state, nonce, code_verifier as "codeVerifier", return_to as "returnTo"`,
  )
}

function digestOf(secret: string): SQL {
  return sql`decode(${sql.value(createHash('sha256').update(secret).digest('hex'))}, 'hex')`
}
