/**
 * Rows that several resources match where the source has them wait for a person (`onMultiple: queue`): what was decided is carried out, and of
 * the others it is kept which resources they may be of.
 *
 * @module
 */
import { commas, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { pairsOf } from './find-pairs.ts'
import { matchesWhere } from './queue.ts'
import { valuesByRule } from './search-keys.ts'
import { changesIn, type SharedPart } from './shared-part.ts'

export interface Found {
  readonly searches: Table
  readonly found: Table
  readonly changes: EntityChanges
}

/** Fills the column `doubt` of the rows that wait; every other one of them finds what was decided. */
export async function weighDoubts(part: SharedPart, of: Found): Promise<void> {
  const { session, workTables, shape } = part
  await run(session, carryOut(part, of))
  const doubtful = await workTables.fill(
    workTables.named('doubtful', shape.mapping.name),
    doubtfulRows(part, of),
  )
  if (doubtful.count > 0) await run(session, noteCandidates(part, of, doubtful.table))
}

/**
 * `link`, and `create` where the resource that was created is there still: the row is of that one. `create`: it makes a resource whatever
 * else it matches. `ignore`: an error that is none to anybody. Where the resource is gone that was decided for, somebody is asked again.
 */
function carryOut(part: SharedPart, { searches, found, changes }: Found): Statement {
  const { shape } = part
  const changed = changesIn(shape, changes)
  const goes =
    changed === undefined
      ? sql.false
      : sql`exists (select from ${changed} c where c.resource_id = d.resource_id and c._operation = 'delete')`
  const isThere = sql`(exists (select from ${shape.resources} o where o.resource_id = d.resource_id) and not ${goes})`
  return statement(
    `replicas/carry-out-decisions ${shape.mapping.name}`,
    sql`update ${found} f set
      outcome = case x.what when 'attach' then 'attach' when 'create' then 'open' else 'error' end,
      resource_id = case when x.what = 'attach' then x.resource_id end,
      rule = case x.what when 'attach' then null when 'create' then coalesce(f.rule, 0) else f.rule end,
      code = case x.what when 'ignore' then 'ignored' when 'ask' then 'doubtful_match' end,
      text = case x.what when 'ignore' then format('%s decided that it is ignored', x.decided_by_name)
        when 'ask' then format('the resource %s is gone that %s had decided for', x.resource_id, x.decided_by_name) end,
      gone = case when x.what = 'ask' then x.resource_id end
    from (select a._seq, d.resource_id, d.decided_by_name, case
        when d.decision = 'ignore' then 'ignore' when ${isThere} then 'attach' when d.decision = 'create' then 'create' else 'ask' end as what
      from ${searches} a join sluice_match d on ${matchesWhere(part, sql`d.decision is not null`)} and d.key = a._key) x
    where x._seq = f._seq`,
  )
}

/** Keys of the rows that wait, and the rule by which each was found. */
function doubtfulRows({ shape }: SharedPart, { searches, found }: Found): Statement {
  return statement(
    `replicas/find-doubtful ${shape.mapping.name}`,
    sql`select a.*, f.rule as _rule from ${searches} a join ${found} f on f._seq = a._seq where f.code = 'doubtful_match'`,
  )
}

/** So many of the resources that match are shown to a person; how many there are is counted. */
const candidatesKept = 20

function noteCandidates({ shape }: SharedPart, { found, changes }: Found, doubtful: Table): Statement {
  const pairs = pairsOf(shape, doubtful, changes).map(
    ({ rule, query }) =>
      sql`select p._seq, p.resource_id from (${query}) p join ${doubtful} b on b._seq = p._seq and b._rule = ${sql.literal(rule)}`,
  )
  const first = sql`select n._seq, jsonb_agg(n.resource_id::text order by n.resource_id) filter (where n.place <= ${sql.literal(candidatesKept)}) as candidates, count(*)::int as count
    from (select p.*, row_number() over (partition by p._seq order by p.resource_id) as place from (${sql.join(pairs, ' union all ')}) p) n group by n._seq`
  const entries = commas([
    sql`'rule', f.rule`,
    sql`'matched', ${valuesByRule(shape, sql`f.rule`, sql`f`)}`,
    sql`'candidates', coalesce(x.candidates, '[]')`,
    sql`'count', coalesce(x.count, 0)`,
    sql`'gone', f.gone`,
  ])
  return statement(
    `replicas/note-candidates ${shape.mapping.name}`,
    sql`update ${found} f set doubt = jsonb_build_object(${entries})
    from ${doubtful} b left join (${first}) x on x._seq = b._seq where b._seq = f._seq`,
  )
}
