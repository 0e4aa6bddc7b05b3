/**
 * What orders say, as it is stored: one row for each thing.
 *
 * @module
 */
import { orderLife, type RunBy } from '@sluice/model'
import { commas, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { type End, singleEnd } from '../sql/link-shape.ts'
import { isStanding } from './compare-orders.ts'
import { isAbout, type Subject } from './subject.ts'
import { endName } from './what-files-assert.ts'

/** One thing that an order says. */
export interface StatedItem {
  /** Of the order. */
  readonly id: string
  readonly orderedAt: string | undefined
  readonly dueAt: string | undefined
  /** Of a row, its key; of a link, what the source calls its ends. */
  readonly key: string
  readonly linkedTo: string | null
  readonly expects: 'value' | 'exists' | 'gone'
  readonly property: string | null
  readonly expected: string | null
}

/** Relation of what is stated, as `a`, in its order. */
function statedAs(items: readonly StatedItem[]): SQL {
  const texts = (of: (item: StatedItem) => string | null | undefined) =>
    sql`${sql.value(items.map((item) => of(item) ?? null))}::text[]`
  const columns = [
    texts(({ id }) => id),
    texts(({ key }) => key),
    texts(({ linkedTo }) => linkedTo),
    texts(({ expects }) => expects),
    texts(({ property }) => property),
    texts(({ expected }) => expected),
    texts(({ orderedAt }) => orderedAt),
    texts(({ dueAt }) => dueAt),
  ]
  return sql`unnest(${commas(columns)}) with ordinality
    a (order_id, key, linked_to, expects, property, expected, ordered_at, due_at, place)`
}

/** What was stated before, under the same id, is left as it is. */
export function insertion(
  subject: Subject,
  items: readonly StatedItem[],
  by: RunBy,
): Statement<{ position: string }> {
  const name = sql.literal(subject.name)
  const [entityType, association] = 'mapping' in subject ? [name, sql.null] : [sql.null, name]
  return statement(
    `orders/state ${subject.name}`,
    sql`insert into sluice_order (order_id, source_id, entity_type, association, key, linked_to, expects, property, expected, state,
      by_kind, by_name, ordered_at, due_at, there_before, there)
    select a.order_id, ${sql.literal(subject.known.id)}, ${entityType}, ${association}, a.key, a.linked_to, a.expects, a.property, a.expected,
      ${sql.literal(orderLife.start)}, ${sql.literal(by.kind)}, ${sql.value(by.name)},
      coalesce(a.ordered_at::timestamptz, now()), a.due_at::timestamptz, false, false
    from ${statedAs(items)} order by a.place
    on conflict do nothing
    returning position`,
  )
}

/** The first of what is stated that is stored under the same id with something else. */
export function findDiffering(
  subject: Subject,
  items: readonly StatedItem[],
): Statement<{ order_id: string; key: string; property: string | null; to: string | null }> {
  return statement(
    `orders/find-differing ${subject.name}`,
    sql`select a.order_id, a.key, a.property, a.linked_to as to from ${statedAs(items)}
    join sluice_order b on b.order_id = a.order_id and ${isAbout(subject, sql`b`)}
      and b.key = a.key and (b.linked_to, b.property) is not distinct from (a.linked_to, a.property)
    where (b.expects, b.expected) is distinct from (a.expects, a.expected) order by a.place limit 1`,
  )
}

/** What the source says at this moment: what it will have to say something else than. `asserted` is of these orders. */
export function noteBefore(subject: Subject, asserted: SQL): Statement {
  return statement(
    `orders/note-before ${subject.name}`,
    sql`update sluice_order o set there_before = s.now_there, asserted_before = s.now_asserted, there = s.now_there, asserted = s.now_asserted,
      from_id = s.now_from_id, to_id = s.now_to_id
    from (${asserted}) s where o.position = s.position`,
  )
}

/** Of the same thing the newest order stands. */
export function supersede(subject: Subject, fresh: readonly string[]): Statement {
  const positions = sql`${sql.value(fresh)}::bigint[]`
  return statement(
    `orders/supersede ${subject.name}`,
    sql`update sluice_order o set state = ${sql.literal(orderLife.destinationOf('superseded'))}, state_since = clock_timestamp(), state_run = null
    where ${isAbout(subject, sql`o`)} and ${isStanding(sql`o`)}
      and exists (select from sluice_order f where f.position = any(${positions}) and ${areRelated(subject, sql`f`)})
      and exists (select from sluice_order n where ${isAbout(subject, sql`n`)} and ${isStanding(sql`n`)} and ${areRelated(subject, sql`n`)}
        and (n.ordered_at, n.position) > (o.ordered_at, o.position) and ${rulesOut(subject)})`,
  )
}

/** Condition: the orders `one` and `o` are about the same row, or about links that may rule one another out. */
function areRelated(subject: Subject, one: SQL): SQL {
  const same = (end: End) => sql`${one}.${endName[end]} = o.${endName[end]}`
  if ('mapping' in subject) return same('from')
  const single = singleEnd(subject.association)
  return single === undefined ? sql`${same('from')} and ${same('to')}` : same(single)
}

/**
 * Condition: with the newer order `n`, the older one `o` is meant no more. Of a row: of the same property, or the row should be gone with all
 * it says. Of a link: of the same one, or both should be there at an end that may have one.
 */
function rulesOut(subject: Subject): SQL {
  if ('mapping' in subject)
    return sql`(n.property is not distinct from o.property or n.expects = 'gone' or o.expects = 'gone')`
  return sql`((n.key = o.key and n.linked_to = o.linked_to) or (n.expects = 'exists' and o.expects = 'exists'))`
}
