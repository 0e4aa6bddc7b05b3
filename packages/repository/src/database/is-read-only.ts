/**
 * Whether a database can be written: a standby, or one that somebody has set to read only, cannot.
 *
 * @module
 */
import { sql, statement } from '../sql/statement.ts'
import type { Session } from './database.ts'
import { exists } from './run-statement.ts'

export async function isReadOnly(session: Session): Promise<boolean> {
  return await exists(session, readOnly)
}

const readOnly = statement(
  'database/is-read-only',
  sql`select where current_setting('transaction_read_only') = 'on' or pg_is_in_recovery()`,
)
