/**
 * States orders: what sources should say from now on, beside what they say at this moment.
 *
 * All of a request or nothing. The same order may be stated again: nothing happens.
 *
 * @module
 */
import {
  type EntityMapping,
  legalValue,
  type NewOrder,
  orderLife,
  type Property,
  type RunBy,
  spellingOf,
  storedModelOf,
} from '@sluice/model'
import {
  columnOf,
  columnOfRow,
  commas,
  displayPropertyOf,
  lookedUpAs,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { entityTypeOf, type KnownSource, sourcesByName } from '../context/run-context.ts'
import { sharedShape } from '../sql/shared-shape.ts'
import { isStanding } from './compare-orders.ts'
import {
  AmbiguousOrderError,
  ImpossibleOrderError,
  NothingAssertedError,
  OrderDiffersError,
} from './order-errors.ts'
import { type Known, orderable, whatIsAsserted } from './what-is-asserted.ts'

/** An order, with the mapping that it is about. */
interface Placed {
  readonly id: string
  readonly known: KnownSource
  readonly mapping: EntityMapping
  readonly asked: NewOrder
}

/** One thing that an order says. */
interface Item {
  readonly expects: 'value' | 'exists' | 'gone'
  readonly property: string | null
  readonly expected: string | null
}

/** The ids of the orders, in their order. */
export async function stateOrders(
  session: Session,
  context: Known,
  orders: readonly NewOrder[],
  by: RunBy,
): Promise<readonly string[]> {
  const placed = orders.map((asked) => place(context, asked))
  const groups = Map.groupBy(placed, ({ mapping }) => mapping)
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const { known, mapping } = first
    const keyOf = await findKeys(session, context, known, group)
    const rows = group.flatMap((order) =>
      itemsOf(context, order).map((item) => ({ ...order, ...item, key: keyOf(order) })),
    )
    const { rows: inserted } = await run(session, insertion(known, mapping, rows, by))
    if (inserted.length >= many) await run(session, analyze)
    if (inserted.length < rows.length) {
      const [differing] = (await run(session, findDiffering(known, mapping, rows))).rows
      if (differing !== undefined) throw new OrderDiffersError(differing.order_id, differing)
    }
    const fresh = inserted.map(({ position }) => position)
    if (fresh.length === 0) continue
    await run(session, noteBefore(context, known, mapping, fresh))
    await run(session, supersede(known, mapping, fresh))
  }
  return placed.map(({ id }) => id)
}

function place({ sources }: Known, asked: NewOrder): Placed {
  const id = asked.id ?? globalThis.crypto.randomUUID()
  const known = sources.get(asked.source)
  if (known === undefined)
    throw new NothingAssertedError(id, {
      who: `a source ${asked.source}, which is not configured,`,
      what: 'anything',
      asserted: [],
    })
  const mapping = known.source.entities.find(({ entityType }) => entityType === asked.entityType)
  if (mapping === undefined) {
    const asserted = known.source.entities.map(({ entityType }) => entityType)
    throw new NothingAssertedError(id, { who: asked.source, what: asked.entityType, asserted })
  }
  return { id, known, mapping, asked }
}

function itemsOf(context: Known, { id, mapping, known, asked }: Placed): readonly Item[] {
  const properties = orderable(context, mapping)
  const values = Object.entries(asked.values ?? {}).map(([name, value]): Item => {
    const property = properties.find((one) => one.name === name)
    if (property === undefined) {
      const what = `${mapping.entityType}.${name}`
      throw new NothingAssertedError(id, {
        who: known.source.name,
        what,
        asserted: properties.map((one) => one.name),
      })
    }
    const text = value === null ? '' : String(value)
    return { expects: 'value', property: name, expected: text === '' ? null : shownText(id, property, text) }
  })
  const { existence } = asked
  return existence === undefined
    ? values
    : [{ expects: existence, property: null, expected: null }, ...values]
}

/** The text in which readers show the value. */
function shownText(order: string, property: Property, text: string): string {
  const { isLegal, expected } = legalValue(property, {})
  const spelling = spellingOf(property, {})
  const spelled = spelling === undefined ? text : spelling.of(text)
  if (spelled === undefined || !isLegal(text) || text.includes('\0'))
    throw new ImpossibleOrderError(order, { property: property.name, value: text, expected })
  return property.type === 'datetime' ? spelled.replace(' ', 'T').replace('+00', 'Z') : spelled
}

/** The key of the source's row: as it is named, or of the resource that is called so; else of a row to come. */
async function findKeys(
  session: Session,
  context: Known,
  known: KnownSource,
  group: readonly Placed[],
): Promise<(order: Placed) => string> {
  const [first] = group
  if (first === undefined) return ({ asked }) => asked.resource
  const { mapping } = first
  const spelled = spellingOfKey(context, known, mapping)
  const names = [...new Set(group.map(({ asked }) => asked.resource))]
  const { rows } = await run(
    session,
    keysOf(
      context,
      known,
      mapping,
      names.map((name) => [name, spelled(name)] as const),
    ),
  )
  const found = new Map(rows.map((row) => [row.name, row]))
  return ({ id, asked }) => {
    const { key = null, called = null } = found.get(asked.resource) ?? {}
    if (key !== null) return key
    const [only, ...others] = called ?? []
    if (only === undefined) return spelled(asked.resource)
    if (others.length === 0) return only
    throw new AmbiguousOrderError(id, { source: known.source.name, name: asked.resource, keys: called ?? [] })
  }
}

/** Keys of delivered rows are kept in one spelling, those of open tables as they are written. */
function spellingOfKey(
  context: Known,
  { source }: KnownSource,
  mapping: EntityMapping,
): (text: string) => string {
  const property = entityTypeOf(context.model, mapping.entityType).properties.find(
    ({ name }) => name === mapping.key,
  )
  const spelling = property === undefined || source.table === true ? undefined : spellingOf(property, {})
  return (text) => spelling?.of(text) ?? text
}

/** So many rows are named of those that are called alike. */
const mostAlike = 5

function keysOf(
  { model, sources }: Known,
  known: KnownSource,
  mapping: EntityMapping,
  names: readonly (readonly [name: string, spelled: string])[],
): Statement<{ name: string; key: string | null; called: readonly string[] | null }> {
  const { source } = known
  const { entityType } = mapping
  const { replicas, resources } = sharedShape(model, known, mapping)
  const display = displayPropertyOf(
    storedModelOf({ model, sources: sourcesByName(sources) }),
    entityTypeOf(model, entityType),
  )
  const called =
    display === undefined
      ? sql`null::text[]`
      : sql`(select array_agg(a.key order by a.key) from (
          select r.key from ${resources} x join ${replicas} r on r.resource_id = x.resource_id
          where ${lookedUpAs(display, columnOfRow(sql`x`, columnOf(display)))} = n.name order by r.key limit ${sql.literal(mostAlike)}) a)`
  const key = (text: SQL) => sql`(select r.key from ${replicas} r where r.key = ${text})`
  return statement(
    `orders/find-keys ${source.name}.${entityType}`,
    sql`select n.name, k.key, case when k.key is null then ${called} end as called
    from unnest(${sql.value(names.map(([name]) => name))}::text[], ${sql.value(names.map(([, spelled]) => spelled))}::text[]) n (name, spelled)
    cross join lateral (select coalesce(${key(sql`n.name`)}, ${key(sql`n.spelled`)}) as key) k`,
  )
}

type Row = Placed & Item & { readonly key: string }

/** Relation of what is asked, as `a`, in its order. */
function askedAs(rows: readonly Row[]): SQL {
  const texts = (of: (row: Row) => string | null | undefined) =>
    sql`${sql.value(rows.map((row) => of(row) ?? null))}::text[]`
  const columns = [
    texts(({ id }) => id),
    texts(({ key }) => key),
    texts(({ expects }) => expects),
    texts(({ property }) => property),
    texts(({ expected }) => expected),
    texts(({ asked }) => asked.orderedAt),
    texts(({ asked }) => asked.dueAt),
  ]
  return sql`unnest(${commas(columns)}) with ordinality
    a (order_id, key, expects, property, expected, ordered_at, due_at, place)`
}

/** What was stated before, under the same id, is left as it is. */
function insertion(
  { id: sourceId }: KnownSource,
  { entityType }: EntityMapping,
  rows: readonly Row[],
  by: RunBy,
): Statement<{ position: string }> {
  return statement(
    `orders/state ${entityType}`,
    sql`insert into sluice_order (order_id, source_id, entity_type, key, expects, property, expected, state, by_kind, by_name,
      ordered_at, due_at, there_before, there)
    select a.order_id, ${sql.literal(sourceId)}, ${sql.literal(entityType)}, a.key, a.expects, a.property, a.expected,
      ${sql.literal(orderLife.start)}, ${sql.literal(by.kind)}, ${sql.value(by.name)},
      coalesce(a.ordered_at::timestamptz, now()), a.due_at::timestamptz, false, false
    from ${askedAs(rows)} order by a.place
    on conflict do nothing
    returning position`,
  )
}

/** The first of what is asked that is stored under the same id with something else. */
function findDiffering(
  { id: sourceId }: KnownSource,
  { entityType }: EntityMapping,
  rows: readonly Row[],
): Statement<{ order_id: string; key: string; property: string | null }> {
  return statement(
    `orders/find-differing ${entityType}`,
    sql`select a.order_id, a.key, a.property from ${askedAs(rows)}
    join sluice_order b on b.order_id = a.order_id and b.source_id = ${sql.literal(sourceId)}
      and b.entity_type = ${sql.literal(entityType)} and b.key = a.key and b.property is not distinct from a.property
    where (b.expects, b.expected) is distinct from (a.expects, a.expected) order by a.place limit 1`,
  )
}

/** So many new rows change what the planner has to know of the table. */
const many = 1000

const analyze = statement('orders/analyze', sql`analyze sluice_order`)

/** What the source says at this moment: what it will have to say something else than. */
function noteBefore(
  context: Known,
  known: KnownSource,
  mapping: EntityMapping,
  fresh: readonly string[],
): Statement {
  const these = sql`o.position = any(${sql.value(fresh)}::bigint[])`
  return statement(
    `orders/note-before ${mapping.entityType}`,
    sql`update sluice_order o set there_before = s.now_there, asserted_before = s.now_asserted, there = s.now_there, asserted = s.now_asserted
    from (${whatIsAsserted(context, known, mapping, these)}) s where o.position = s.position`,
  )
}

/** Of the same thing, and of a row that should be gone with all it says, the newest order stands. */
function supersede({ id }: KnownSource, { entityType }: EntityMapping, fresh: readonly string[]): Statement {
  const ofType = (alias: SQL) =>
    sql`${alias}.source_id = ${sql.literal(id)} and ${alias}.entity_type = ${sql.literal(entityType)}`
  return statement(
    `orders/supersede ${entityType}`,
    sql`update sluice_order o set state = ${sql.literal(orderLife.destinationOf('superseded'))}, state_since = clock_timestamp(), state_run = null
    where ${ofType(sql`o`)} and ${isStanding}
      and o.key in (select f.key from sluice_order f where f.position = any(${sql.value(fresh)}::bigint[]))
      and exists (select from sluice_order n where ${ofType(sql`n`)} and n.key = o.key
        and n.state in (${sql.join(
          orderLife.open.map((state) => sql.literal(state)),
          ', ',
        )})
        and (n.ordered_at, n.position) > (o.ordered_at, o.position)
        and (n.property is not distinct from o.property or n.expects = 'gone' or o.expects = 'gone'))`,
  )
}
