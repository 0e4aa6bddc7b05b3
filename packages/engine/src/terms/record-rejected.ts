/**
 * Rows that a run sets aside, each with the reason: recorded in the run's transaction, so that they are there when it
 * is held or applied, and never else.
 *
 * @module
 */
import type { Work } from './work.ts'

/** `rows`: SQL query (mapping, file, line, key, column_name, value, reason). */
export async function recordRejected(
  work: Work,
  rows: string,
  values: readonly unknown[] = [],
): Promise<void> {
  await work.session.query(
    `insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
     select ${work.runId}, r.* from (${rows}) r`,
    values,
  )
}

/** SQL table expression with its condition: what the run `work` has rejected so far. */
export function rejectedBy(work: Work): string {
  return `sluice_rejected_row where run_id = ${work.runId}`
}
