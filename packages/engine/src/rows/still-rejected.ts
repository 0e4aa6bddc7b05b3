/**
 * Rows that an earlier run rejected for their values, and that nobody has mended since.
 *
 * A complete reads them again. Changes do not name a row that is as it was, so an incremental tells them once more, or a row that
 * is wrong would look as if it had come right.
 *
 * @module
 */
import { exists, one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { Rejecting } from './reject-bad-values.ts'
import { insertRejected } from './rejected-rows.ts'

/** Records them for this run; returns how many rows they are. `before`: how many there were; `staged`: everything the run names. */
export async function tellStillRejected(
  part: SourcePart,
  of: Rejecting,
  staged: Table,
  before: number,
): Promise<number> {
  return before === 0 ? 0 : (await one(part.session, await recordStillRejected(part, of, staged))).count
}

/** Records once more all that the last applied run of the source has left rejected: for a run that reads nothing of the source. */
export async function keepRejected(part: SourcePart): Promise<void> {
  const { session, sourceId } = part
  const found = sql`from sluice_rejected_row where stands and key is not null and run_id = ${lastList(sourceId)}`
  if (!(await exists(session, statement('produce/find-rejected-before', sql`select ${found} limit 1`))))
    return
  const rows = sql`select mapping, file, line, key, column_name, value, reason, row ${found}`
  await run(session, statement('produce/keep-rejected', await insertRejected(part, rows, sql.true)))
}

/** Relation of the rows of a mapping that the last applied run of the source has left rejected, once for each value that is wrong. */
export function rejectedBefore({ sourceId }: SourcePart, mapping: string): SQL {
  return sql`(select * from sluice_rejected_row where stands and mapping = ${sql.literal(mapping)} and key is not null
    and run_id = ${lastList(sourceId)})`
}

/** SQL (bigint): the run that has written the rejected rows of a run. */
export function listOf(runId: number): SQL {
  return sql`(select coalesce(listed.rejected_run, listed.run_id) from sluice_run listed where listed.run_id = ${sql.literal(runId)})`
}

/** SQL (bigint): the run that has written what the last applied run of the source left rejected. */
export function lastList(sourceId: number): SQL {
  return sql`(select coalesce(last.rejected_run, last.run_id) from sluice_run last
    where last.source_id = ${sql.literal(sourceId)} and last.state = 'applied' order by last.run_id desc limit 1)`
}

async function recordStillRejected(
  part: SourcePart,
  { mapping, key, isNamed }: Rejecting,
  staged: Table,
): Promise<Statement<{ count: number }>> {
  const named =
    isNamed === undefined
      ? sql`select from (select ${key} as key from ${staged}) s where s.key = r.key`
      : sql`select from ${staged} where ${isNamed(sql`r.key`)}`
  const unnamed = sql`select r.mapping, r.file, r.line, r.key, r.column_name, r.value, r.reason, r.row from ${rejectedBefore(part, mapping)} r
    where not exists (${named})`
  return statement(
    `intake/tell-still-rejected ${mapping}`,
    sql`with told as (${await insertRejected(part, unnamed, sql.true)} returning key)
     select count(distinct key)::int as count from told`,
  )
}
