/**
 * Holds what was ordered of a source against what it says, in the transaction that applies a run of it.
 *
 * What it costs follows what stands: one row for each thing that was ordered last. Where nothing was, one look at an index.
 *
 * @module
 */
import { type OrderCounts, type OrderEvent, orderLife } from '@sluice/model'
import { commas, run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { Known } from './shown-values.ts'
import { type Subject, subjectsOf } from './subject.ts'
import { whatIsAsserted } from './what-is-asserted.ts'

export interface Comparison extends Known {
  readonly session: Session
  readonly runId: number
}

/** How everything stands that was ordered of the source; `undefined` where nothing was. */
export async function compareOrders(of: Comparison, source: string): Promise<OrderCounts | undefined> {
  const known = of.sources.get(source)
  if (known === undefined) return undefined
  const standing = await run(of.session, standingSubjects(known.id))
  if (standing.rows.length === 0) return undefined
  const names = new Set(standing.rows.map(({ name, is_link }) => nameOf(name, is_link)))
  for (const subject of subjectsOf(of, known)) {
    if (!names.has(nameOf(subject.name, !('mapping' in subject)))) continue
    const seen = await whatIsAsserted(of.session, of, subject, isStanding(sql`o`))
    await run(of.session, compare(of, subject, seen))
  }
  const { rows } = await run(of.session, countStanding(known.id))
  const count = (state: keyof OrderCounts) => rows.find((row) => row.state === state)?.count ?? 0
  return {
    executed: count('executed'),
    pending: count('pending'),
    contradicted: count('contradicted'),
    overdue: count('overdue'),
  }
}

/** Entity types and associations may be called alike. */
function nameOf(name: string, isLink: boolean): string {
  return `${isLink} ${name}`
}

/** Condition on the order `alias`: it was not cancelled or superseded. */
export function isStanding(alias: SQL): SQL {
  return sql`${alias}.state in (${commas(orderLife.open.map((state) => sql.literal(state)))})`
}

function standingSubjects(sourceId: number): Statement<{ name: string; is_link: boolean }> {
  return statement(
    'orders/standing-subjects',
    sql`select distinct coalesce(o.entity_type, o.association) as name, o.association is not null as is_link
    from sluice_order o where o.source_id = ${sql.literal(sourceId)} and ${isStanding(sql`o`)}`,
  )
}

function countStanding(sourceId: number): Statement<{ state: string; count: number }> {
  return statement(
    'orders/count-standing',
    sql`select o.state, count(*)::int as count from sluice_order o
    where o.source_id = ${sql.literal(sourceId)} and ${isStanding(sql`o`)} group by o.state`,
  )
}

/** What is as it was is not written. Materialized, because what is named twice would be looked up twice. */
function compare(of: Comparison, { known, name }: Subject, seen: SQL): Statement {
  const changes = sql`j.new_state <> o.state`
  return statement(
    `orders/compare ${known.source.name}.${name}`,
    sql`with seen as materialized (${seen}),
    judged as materialized (select s.*, ${inTime(stateAfter(eventOf))} as new_state from seen s)
    update sluice_order o set there = j.now_there, asserted = j.now_asserted, from_id = j.now_from_id, to_id = j.now_to_id,
      state = j.new_state,
      state_since = case when ${changes} then clock_timestamp() else o.state_since end,
      state_run = case when ${changes} then ${sql.literal(of.runId)} else o.state_run end
    from judged j
    where o.position = j.position and (o.there, o.asserted, o.from_id, o.to_id, o.state)
      is distinct from (j.now_there, j.now_asserted, j.now_from_id, j.now_to_id, j.new_state)`,
  )
}

const event = (name: OrderEvent) => sql.literal(name)

/** What a run has found, of the row `s`. */
const eventOf = sql`case
  when case s.expects when 'exists' then s.now_there when 'gone' then not s.now_there
    else s.now_there and (s.now_asserted is not distinct from s.expected or s.now_named = s.expected) end
    then ${event('carriedOut')}
  when s.now_there = s.there_before and s.now_asserted is not distinct from s.asserted_before then ${event('unchanged')}
  else ${event('assertedOtherwise')} end`

/** The table of states, as SQL. */
function stateAfter(happened: SQL): SQL {
  const cells = orderLife.transitions.map(
    ({ from, event, to }) => sql`when ${sql.literal(`${from} ${event}`)} then ${sql.literal(to)}`,
  )
  return sql`case s.state || ' ' || ${happened} ${sql.join(cells, ' ')} else s.state end`
}

/** What has not happened in its time has been missed. */
function inTime(state: SQL): SQL {
  const waiting = orderLife.statesThatTake('missed').map((one) => sql.literal(one))
  return sql`(select case when a.state in (${commas(waiting)}) and s.due_at < clock_timestamp()
    then ${sql.literal(orderLife.destinationOf('missed'))} else a.state end from (select ${state} as state) a)`
}
