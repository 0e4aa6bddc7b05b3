/**
 * Rows that a run sets aside, each with the reason: recorded in the run's transaction, so that they are there when it
 * is held or applied, and never else.
 *
 * @module
 */
import { type SQL, type Statement, sql, statement } from '@sluice/repository'

/** `rows`: query of (mapping, file, line, key, column_name, value, reason). */
export function recordRejected(name: string, runId: number, rows: SQL): Statement {
  return statement(
    name,
    insertRejected(runId, sql`select x.*, null::jsonb as row from (${rows}) x`, sql.false),
  )
}

/** The same, with the row itself at last, of rows that are rejected for their values: they stay rejected while nothing names them. */
export function recordStanding(name: string, runId: number, rows: SQL): Statement {
  return statement(name, insertRejected(runId, rows, sql.true))
}

export function insertRejected(runId: number, rows: SQL, stands: SQL): SQL {
  return sql`insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason, row, stands)
     select ${sql.literal(runId)}, r.*, ${stands} from (${rows}) r`
}
