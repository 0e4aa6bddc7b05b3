/**
 * What remains of the rows that a run has set aside: they are written with its number, or it refers to the run that wrote the same ones
 * before. A source that delivers ten thousand bad rows each night leaves them once, and not once for each night.
 *
 * @module
 */
import { run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { lastList } from './still-rejected.ts'

/** `source`: null where the run is of none, and nothing is compared. */
export async function keepRejectedRows(
  { session, runId, rejectedRows, sources }: RunContext,
  source: string | null,
): Promise<void> {
  const table = await rejectedRows.tableIfMade()
  if (table === undefined) return
  const sourceId = sources.get(source ?? '')?.id
  if (sourceId !== undefined && (await run(session, referToSame(runId, sourceId, table))).count > 0) return
  await run(session, writeRejected(runId, table))
}

const columns = sql`mapping, file, line, key, column_name, value, reason, row, stands`

/** Changes no row where they differ. Counted before they are compared, which mostly tells. */
function referToSame(runId: number, sourceId: number, table: Table): Statement {
  const former = sql`(select ${columns} from sluice_rejected_row r where r.run_id = last.list)`
  const own: SQL = sql`(select ${columns} from ${table})`
  return statement(
    'rows/refer-to-same-rejected',
    sql`with last as materialized (select ${lastList(sourceId)} as list),
      counts as materialized (select (select count(*) from ${table}) as own,
        (select count(*) from last join sluice_rejected_row r on r.run_id = last.list) as former)
    update sluice_run set rejected_run = last.list from last, counts
    where run_id = ${sql.literal(runId)} and counts.own > 0
      and case when counts.own = counts.former then not exists (${own} except all ${former}) else false end`,
  )
}

/** In the order in which they were found, in which they are read. */
function writeRejected(runId: number, table: Table): Statement {
  return statement(
    'rows/write-rejected',
    sql`insert into sluice_rejected_row (run_id, ${columns}) select ${sql.literal(runId)}, ${columns} from ${table} order by ctid`,
  )
}
