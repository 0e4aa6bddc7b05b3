/**
 * What MySQL says when it does not do what is asked, in words for people.
 *
 * @module
 */
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'

/** By the name of the error. */
const remedies: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'Look at the user, the host it comes from, and the password.',
  ER_DBACCESS_DENIED_ERROR: 'Let the user read the database: grant select.',
  ER_BAD_DB_ERROR: 'Look at the name of the database at the end of the address.',
  ER_BAD_FIELD_ERROR: 'Look at the names of the columns.',
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'A query may only read.',
  ER_NO_SUCH_TABLE: 'Look at the name of the table.',
  ER_PARSE_ERROR: 'Look at the query: it has to be one select, with names in double quotes or in backticks.',
  ER_TABLEACCESS_DENIED_ERROR: 'Let the user read it: grant select.',
  HANDSHAKE_SSL_ERROR: 'Look at the certificate of the server, and at certificateAuthority.',
}

/** What may be well a moment later. */
const passing: ReadonlySet<string> = new Set([
  'ER_CON_COUNT_ERROR',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'PROTOCOL_CONNECTION_LOST',
])

export function failureOf(place: string, error: unknown): ManagedSystemError {
  if (error instanceof ManagedSystemError) return error
  const { code, sqlMessage } = partsOf(error)
  const known = sqlMessage !== undefined || code in remedies || passing.has(code)
  if (!known || !(error instanceof Error)) return connectionFailure(place, error)
  return new ManagedSystemError(`${place}: ${sqlMessage ?? error.message} (${code}).`, {
    remedy: remedies[code],
    passing: passing.has(code),
    cause: error,
  })
}

function partsOf(error: unknown): { readonly code: string; readonly sqlMessage?: string | undefined } {
  if (!(error instanceof Error)) return { code: '' }
  return {
    code: 'code' in error ? String(error.code) : '',
    sqlMessage: 'sqlMessage' in error && typeof error.sqlMessage === 'string' ? error.sqlMessage : undefined,
  }
}
