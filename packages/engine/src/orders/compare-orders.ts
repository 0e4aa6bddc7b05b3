/**
 * Holds what was ordered of a source against what it says, in the transaction that applies a run of it.
 *
 * What it costs follows what stands: one row for each thing that was ordered last. Where nothing was, one look at an index.
 *
 * @module
 */
import { type EntityMapping, type OrderCounts, type OrderEvent, orderLife } from '@sluice/model'
import { commas, run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { KnownSource } from '../context/run-context.ts'
import { type Known, whatIsAsserted } from './what-is-asserted.ts'

export interface Comparison extends Known {
  readonly session: Session
  readonly runId: number
}

/** How everything stands that was ordered of the source; `undefined` where nothing was. */
export async function compareOrders(of: Comparison, source: string): Promise<OrderCounts | undefined> {
  const known = of.sources.get(source)
  if (known === undefined) return undefined
  const standing = await run(of.session, standingTypes(known.id))
  if (standing.rows.length === 0) return undefined
  const types = new Set(standing.rows.map(({ entity_type }) => entity_type))
  for (const mapping of known.source.entities) {
    if (types.has(mapping.entityType)) await run(of.session, compare(of, known, mapping))
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

/** Condition on an order: it was not cancelled or superseded. */
export const isStanding = sql`o.state in (${commas(orderLife.open.map((state) => sql.literal(state)))})`

function standingTypes(sourceId: number): Statement<{ entity_type: string }> {
  return statement(
    'orders/standing-types',
    sql`select distinct o.entity_type from sluice_order o where o.source_id = ${sql.literal(sourceId)} and ${isStanding}`,
  )
}

function countStanding(sourceId: number): Statement<{ state: string; count: number }> {
  return statement(
    'orders/count-standing',
    sql`select o.state, count(*)::int as count from sluice_order o
    where o.source_id = ${sql.literal(sourceId)} and ${isStanding} group by o.state`,
  )
}

/** What is as it was is not written. Materialized, because what is named twice would be looked up twice. */
function compare(of: Comparison, known: KnownSource, mapping: EntityMapping): Statement {
  const changes = sql`j.new_state <> o.state`
  return statement(
    `orders/compare ${known.source.name}.${mapping.entityType}`,
    sql`with seen as materialized (${whatIsAsserted(of, known, mapping, isStanding)}),
    judged as materialized (select s.position, s.now_there, s.now_asserted, ${inTime(stateAfter(eventOf))} as new_state from seen s)
    update sluice_order o set there = j.now_there, asserted = j.now_asserted, state = j.new_state,
      state_since = case when ${changes} then clock_timestamp() else o.state_since end,
      state_run = case when ${changes} then ${sql.literal(of.runId)} else o.state_run end
    from judged j
    where o.position = j.position and (o.there, o.asserted, o.state) is distinct from (j.now_there, j.now_asserted, j.new_state)`,
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
