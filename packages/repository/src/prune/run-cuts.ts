/**
 * Up to which run something goes: by age, by number, and never past what is open.
 *
 * @module
 */
import { type Keeping, runLife } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, type Table } from '../sql/statement.ts'

/** SQL (timestamptz): whatever began before is older than it may be; null where age does not matter. */
export function oldest({ age }: Keeping): SQL {
  if (age === undefined) return sql`null::timestamptz`
  return sql`(clock_timestamp() - ${sql.value(age)}::float8 * interval '1 ms')`
}

/**
 * SQL (bigint): the position of the first row of a table that is not older than it may be. Rows come in order of time, so that where nothing goes one
 * row is looked at, and not all.
 */
export function firstKept(table: Table, time: SQL, keeping: Keeping): SQL {
  return sql`coalesce((select x.position from ${table} x where x.${time} >= ${oldest(keeping)} order by x.position limit 1), 9223372036854775807)`
}

/** What either lets go, goes. */
export function stricter(one: Keeping, other: Keeping): Keeping {
  return { age: least(one.age, other.age), count: least(one.count, other.count) }
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

const openStates = commas(runLife.open.map((state) => sql.literal(state)))

/** SQL (bigint): the last run before the first that is at work or held. */
const beforeOpen = sql`coalesce((select min(run_id) - 1 from sluice_run where state in (${openStates})), 9223372036854775807)`

/** SQL (bigint): the last run of those that began too long ago; 0 where there is none. */
function byAge(keeping: Keeping): SQL {
  if (keeping.age === undefined) return sql`0`
  return sql`coalesce((select run_id - 1 from sluice_run where started_at >= ${oldest(keeping)} order by run_id limit 1),
    (select max(run_id) from sluice_run), 0)`
}

/** SQL (bigint): the first run that is one too many; 0 where there is none. */
function byCount({ count }: Keeping, which: SQL): SQL {
  if (count === undefined) return sql`0`
  return sql`coalesce((select run_id from sluice_run where ${which} order by run_id desc offset ${sql.value(count)}::bigint limit 1), 0)`
}

/** The run up to which something of all runs goes, whatever they are of. */
export async function cutOfAll(session: Session, keeping: Keeping): Promise<number> {
  const cut: Statement<{ cut: string }> = statement(
    'prune/find-cut',
    sql`select least(greatest(${byAge(keeping)}, ${byCount(keeping, sql.true)}), ${beforeOpen}) as cut`,
  )
  return Number((await one(session, cut)).cut)
}

/** The run up to which something goes, for the runs of one source; `null`: those of none, such as edits. */
export interface SourceCut {
  readonly source: number | null
  readonly cut: number
}

/** Of sources of which anything goes. */
export async function cutsOfSources(session: Session, keeping: Keeping): Promise<readonly SourceCut[]> {
  const { rows } = await run(session, cuts(keeping))
  return rows.map(({ source, cut }) => ({ source, cut: Number(cut) })).filter(({ cut }) => cut > 0)
}

function cuts(keeping: Keeping): Statement<{ source: number | null; cut: string }> {
  const own = sql`source_id = s.source_id`
  const ofSource = sql`greatest(f.by_age, ${byCount(keeping, own)})`
  const ofNone = sql`greatest(f.by_age, ${byCount(keeping, sql`source_id is null`)})`
  return statement(
    'prune/find-cuts',
    sql`with first as materialized (select ${byAge(keeping)} as by_age, ${beforeOpen} as before_open)
    select s.source_id as source, least(${ofSource}, f.before_open) as cut from sluice_source s, first f
    union all select null, least(${ofNone}, f.before_open) from first f`,
  )
}

/** Condition on a row of `sluice_run`: its source's cut is not before it. */
export function isBeforeCut(cutsFound: readonly SourceCut[], alias: SQL): SQL {
  const all = JSON.stringify(cutsFound)
  return sql`exists (select from jsonb_to_recordset(${sql.value(all)}::jsonb) c(source int, cut bigint)
    where c.source is not distinct from ${alias}.source_id and ${alias}.run_id <= c.cut)`
}
