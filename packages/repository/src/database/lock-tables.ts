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

/** The lock of the transaction in which a run computes and applies: runs of one repository go one after the other. */
export const lockOfRuns = sql`hashtextextended(current_schema() || ' run', 0)`

/** Waits for the run at work, so that no table changes under it; held to the end of the transaction. */
export const lockRuns = statement('database/lock-runs', sql`select pg_advisory_xact_lock(${lockOfRuns})`)
