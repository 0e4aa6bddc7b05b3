/**
 * Reads which rows of sources are left out as they stand now: those of the last applied run of each, whose place every later run takes.
 *
 * @module
 */
import {
  type LeftOutQuery,
  type RejectionReason,
  rejectionReasonSchema,
  runLife,
  type StandingRejection,
  standingRejectionSchema,
} from '@sluice/model'
import { z } from 'zod'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { PageSize } from './page-size.ts'
import { requireSources } from './require-sources.ts'

const rowSchema = standingRejectionSchema.extend({
  run: z.coerce.number(),
  line: z.coerce.number().nullable(),
})
const reasonSchema = rejectionReasonSchema.extend({
  run: z.coerce.number(),
  line: z.coerce.number().nullable(),
})

interface PlacedRow extends Row {
  readonly place: string
}

/** Source by source, in the order in which they were found, read in pages. */
export async function* readStandingRejections(
  database: Database,
  query: LeftOutQuery = {},
): AsyncGenerator<StandingRejection> {
  const { rows: runs } = await database.session(async (session) => {
    await requireSources(session, query.sources)
    return await run(session, standingRuns(query))
  })
  let left = query.limit ?? Number.POSITIVE_INFINITY
  const pages = new PageSize()
  for (const one of runs) {
    for (let behind = '(0,0)'; left > 0; ) {
      const size = Math.min(pages.rows, left)
      const page = rowsOf(one, behind, size)
      const { rows } = await database.session((session) => run(session, page))
      pages.learn(rows)
      for (const row of rows) yield rowSchema.parse({ ...row, source: one.source, run: one.run })
      left -= rows.length
      const last = rows.at(-1)
      if (last === undefined || rows.length < size) break
      behind = last.place
    }
  }
}

/** The reasons that most rows have first. */
export async function* readRejectionReasons(
  database: Database,
  query: LeftOutQuery = {},
): AsyncGenerator<RejectionReason> {
  const { rows } = await database.session(async (session) => {
    await requireSources(session, query.sources)
    return await run(session, reasons(query))
  })
  for (const row of rows) yield reasonSchema.parse(row)
}

interface StandingRun {
  readonly source: string
  readonly run: string
  /** The run that has written them. */
  readonly list: string
}

function standingRuns({ sources }: LeftOutQuery): Statement<StandingRun> {
  return statement('read/standing-runs', standing(sources))
}

/** Query (source, run, list). Rows that are retried and rejected again are those of the run that retried them. */
function standing(sources: readonly string[] | undefined): SQL {
  const among = sources === undefined ? sql.true : sql`s.name = any(${sql.value(sources)}::text[])`
  return sql`select s.name as source, last.run_id as run, last.list from sluice_source s cross join lateral (
      select r.run_id, coalesce(r.rejected_run, r.run_id) as list from sluice_run r
      where r.source_id = s.source_id and r.cause in ('delivery', 'replicas', 'retry') and r.state = ${sql.literal(runLife.destinationOf('passed'))}
      order by r.run_id desc limit 1) last
    where ${among} order by s.name`
}

function rowsOf({ list }: StandingRun, behind: string, size: number): Statement<PlacedRow> {
  return statement(
    'read/standing-rejections',
    sql`select ctid::text as place, mapping, file, line, key, column_name as column, value, reason
    from sluice_rejected_row
    where run_id = ${sql.value(list)}::bigint and ctid > ${sql.value(behind)}::tid
    order by ctid limit ${sql.literal(size)}`,
  )
}

function reasons({ sources, limit }: LeftOutQuery): Statement<Row> {
  const most =
    limit === undefined || !Number.isFinite(limit) ? sql.blank : sql` limit ${sql.value(limit)}::bigint`
  return statement(
    'read/rejection-reasons',
    sql`select source, run, mapping, "column", reason, count(*)::int as rows,
      (array_agg(file order by file, line nulls last))[1] as file, (array_agg(line order by file, line nulls last))[1] as line
    from (select n.source, n.run, r.mapping, r.column_name as "column", r.reason, r.file, r.line
      from (${standing(sources)}) n join sluice_rejected_row r on r.run_id = n.list) x
    group by source, run, mapping, "column", reason order by source, rows desc, mapping, "column", reason${most}`,
  )
}
