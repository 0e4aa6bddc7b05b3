/**
 * How the figures of sources went from one applied run to the next: what a trend is drawn of. The reports of the runs say it, as long as they are kept.
 *
 * @module
 */
import { runLife } from '@sluice/model'
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { countedIn, faultyIn, rejectedIn } from './figures-of-report.ts'

export interface SourceTrendsQuery {
  /** Of these; of all when absent. */
  readonly sources?: readonly string[] | undefined
  /** The last so many applied runs of each. */
  readonly runs: number
}

export interface SourceTrend {
  readonly source: string
  /** The oldest first. */
  readonly runs: readonly SourceTrendRun[]
}

interface SourceTrendRun {
  readonly run: number
  /** UTC: when it was applied. */
  readonly at: string
  /** Rows that came with it, and those of them that were rejected; of an incremental those that changed. */
  readonly read: number
  readonly rejected: number
  /** Rows of shared types that could not be applied. */
  readonly faulty: number
  /** Milliseconds since the run before was applied: so old was what the repository knew of the source. `null`: there was none, or it is not kept. */
  readonly age: number | null
}

/** By name; a source without an applied run has none. */
export async function readSourceTrends(
  database: Database,
  query: SourceTrendsQuery,
): Promise<readonly SourceTrend[]> {
  const { rows } = await database.session((session) => run(session, trends(query)))
  const found = new Map<string, SourceTrendRun[]>()
  for (const { source, run: id, ...figures } of rows) {
    const runs = found.get(source) ?? []
    runs.push({ run: Number(id), ...figures })
    found.set(source, runs)
  }
  return [...found].map(([source, runs]) => ({ source, runs }))
}

interface TrendRow extends Omit<SourceTrendRun, 'run'> {
  readonly source: string
  readonly run: string
}

/** One run more is looked up, so that the first knows how long it is after the one before it. */
function trends({ sources, runs }: SourceTrendsQuery): Statement<TrendRow> {
  const among = sources === undefined ? sql.true : sql`s.name = any(${sql.value(sources)}::text[])`
  const applied = sql.literal(runLife.destinationOf('passed'))
  return statement(
    'read/source-trends',
    sql`select x.source, x.run, x.at, x.read, x.rejected, x.faulty, x.age from (
      select s.name as source, a.run_id as run, a.finished_at as at,
        ${countedIn(sql`a.report`, 'read')}::int as read, ${rejectedIn(sql`a.report`)}::int as rejected, ${faultyIn(sql`a.report`)}::int as faulty,
        (extract(epoch from a.finished_at - lag(a.finished_at) over (partition by s.source_id order by a.run_id)) * 1000)::float8 as age,
        row_number() over (partition by s.source_id order by a.run_id desc) as n
      from sluice_source s cross join lateral (select r.run_id, r.finished_at, r.report from sluice_run r
        where r.source_id = s.source_id and r.cause in ('delivery', 'replicas') and r.state = ${applied}
        order by -r.run_id limit ${sql.value(runs + 1)}::bigint) a
      where ${among}) x
    where x.n <= ${sql.value(runs)}::bigint order by x.source, x.run`,
  )
}
