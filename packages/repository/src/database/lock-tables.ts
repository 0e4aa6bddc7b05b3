/**
 * Whoever makes or changes tables of a schema does it alone.
 *
 * @module
 */
import { type Statement, sql, statement } from '../sql/statement.ts'

/** Waits for everybody else who changes tables of the schema; held to the end of the transaction. */
export function lockTables(schema: string): Statement {
  return statement(
    'database/lock-tables',
    sql`select pg_advisory_xact_lock(hashtextextended(${sql.value(`sluice schema ${schema}`)}, 0))`,
  )
}
