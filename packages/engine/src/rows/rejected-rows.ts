/**
 * Rows that a run sets aside, each with the reason: recorded in the run's transaction, so that they are there when it
 * is held or applied, and never else.
 *
 * @module
 */
import { type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'

type Recording = Pick<RunContext, 'rejectedRows'>

/** `rows`: query of (mapping, file, line, key, column_name, value, reason). */
export async function recordRejected(run: Recording, name: string, rows: SQL): Promise<Statement> {
  return statement(
    name,
    await insertRejected(run, sql`select x.*, null::jsonb as row from (${rows}) x`, sql.false),
  )
}

/** The same, with the row itself at last, of rows that are rejected for their values: they stay rejected while nothing names them. */
export async function recordStanding(run: Recording, name: string, rows: SQL): Promise<Statement> {
  return statement(name, await insertRejected(run, rows, sql.true))
}

export async function insertRejected({ rejectedRows }: Recording, rows: SQL, stands: SQL): Promise<SQL> {
  return sql`insert into ${await rejectedRows.table()} (mapping, file, line, key, column_name, value, reason, row, stands)
     select r.*, ${stands} from (${rows}) r`
}
