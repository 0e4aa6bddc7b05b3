/**
 * Runs whose history is gone, and the rows that only such runs have set aside.
 *
 * @module
 */
import { type Keeping, runLife } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { prunedThrough, rememberPruned } from './pruned-through.ts'
import { cutsOfSources, isBeforeCut } from './run-cuts.ts'

/** `historyGone`: SQL (bigint), up to which run there is no history. */
export async function doomedRuns(session: Session, keeping: Keeping, historyGone: SQL): Promise<DoomedRuns> {
  const cuts = await cutsOfSources(session, keeping)
  if (cuts.length === 0) return { doomed: [], done: async () => undefined }
  const last = await lastRuns(session)
  const kept = sql`d.run_id = any(${sql.value(last)}::bigint[])`
  const doomed: Doomed = {
    table: new Table('sluice_run'),
    where: sql`d.run_id <= ${historyGone} and ${isBeforeCut(cuts, sql`d`)} and not ${kept} and not ${makesPeoples}`,
    orderBy: sql`d.run_id`,
  }
  const ofPeople = cuts.find(({ source }) => source === null)?.cut
  return {
    doomed: [doomed],
    done: async (later) => {
      if (ofPeople !== undefined) await run(later, rememberLooked(ofPeople))
    },
  }
}

export interface DoomedRuns {
  readonly doomed: readonly Doomed[]
  /** To be called when all of them are gone. */
  readonly done: (session: Session) => Promise<void>
}

/**
 * Condition on a run: people have created resources by it, which bear its number, and are told from those of sources by its cause. Those that
 * were there when runs had been pruned the last time are such.
 */
const makesPeoples = sql`(d.cause in ('edit', 'revert') and ((d.source_id is null and d.run_id <= ${prunedThrough('runs')}) or exists (
  select from jsonb_array_elements(d.report -> 'entities') e where (e -> 'changes' ->> 'inserted')::bigint > 0)))`

function rememberLooked(cut: number): Statement {
  return rememberPruned('runs', sql`least(${sql.value(cut)}::bigint, ${prunedThrough('history')})`)
}

const applied = sql.literal(runLife.destinationOf('passed'))
/** What a source asserts by itself, so that what these runs left out stands until the next of them. */
const asserting = sql`('delivery', 'replicas', 'retry')`

/** Of each source: its last run, the last that was applied, and the last that says what it has left out. */
async function lastRuns(session: Session): Promise<readonly string[]> {
  const { rows } = await run(session, lastOfEach)
  return rows.map(({ run }) => run)
}

function newest(condition: SQL): SQL {
  return sql`select max(r.run_id) as run from sluice_source s cross join lateral (
    select x.run_id from sluice_run x where x.source_id = s.source_id and ${condition} order by x.run_id desc limit 1) r group by s.source_id`
}

const lastOfEach: Statement<{ run: string }> = statement(
  'prune/last-runs',
  sql`${newest(sql.true)} union ${newest(sql`x.state = ${applied}`)} union ${newest(sql`x.state = ${applied} and x.cause in ${asserting}`)}`,
)

export async function doomedRejectedRows(session: Session, keeping: Keeping): Promise<readonly Doomed[]> {
  const cuts = await cutsOfSources(session, keeping)
  if (cuts.length === 0) return []
  const last = await lastRuns(session)
  const { rows } = await run(
    session,
    findLists(
      Math.max(...cuts.map(({ cut }) => cut)),
      sql`not ${isBeforeCut(cuts, sql`r`)} or r.run_id = any(${sql.value(last)}::bigint[])`,
    ),
  )
  if (rows.length === 0) return []
  const lists = sql.value(rows.map(({ list }) => list))
  return [
    {
      table: new Table('sluice_rejected_row'),
      where: sql`d.run_id = any(${lists}::bigint[])`,
      orderBy: sql`d.run_id`,
    },
  ]
}

/** Numbers under which rejected rows lie, from one to the next; those of which no run that `keeps` (a condition on `r`) says that they are its. */
function findLists(last: number, keeps: SQL): Statement<{ list: string }> {
  const next = (behind: SQL) =>
    sql`(select min(x.run_id) from sluice_rejected_row x where x.run_id > ${behind})`
  const kept = (which: SQL) => sql`exists (select from sluice_run r where ${which} and (${keeps}))`
  return statement(
    'prune/find-lists',
    sql`with recursive lists (list) as (select ${next(sql`0`)} union all select ${next(sql`lists.list`)} from lists where lists.list is not null)
    select list from lists where list <= ${sql.value(last)}::bigint
      and not ${kept(sql`r.run_id = lists.list`)} and not ${kept(sql`r.rejected_run = lists.list`)} order by list`,
  )
}
