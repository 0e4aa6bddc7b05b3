/**
 * States orders: what sources should say from now on, beside what they say at this moment.
 *
 * All of a request or nothing. The same order may be stated again: nothing happens.
 *
 * @module
 */
import {
  groupBy,
  legalValue,
  type NewLinkOrder,
  type NewOrder,
  type NewRowOrder,
  type Property,
  type RunBy,
  shownSpelling,
} from '@sluice/model'
import { run, type Session, sql, statement } from '@sluice/repository'
import type { KnownSource } from '../context/run-context.ts'
import { findKeys } from './find-keys.ts'
import { nameEnds } from './name-ends.ts'
import {
  AmbiguousOrderError,
  ImpossibleOrderError,
  NothingAssertedError,
  OrderDiffersError,
} from './order-errors.ts'
import type { Known } from './shown-values.ts'
import { findDiffering, insertion, noteBefore, type StatedItem, supersede } from './store-orders.ts'
import { type LinksSubject, linksSaidBy, type RowsSubject, rowsOf, type Subject } from './subject.ts'
import { whatIsAsserted } from './what-is-asserted.ts'
import { orderable } from './what-rows-assert.ts'

/** An order, with what it is about. */
interface Placed<S extends Subject, O extends NewOrder> {
  readonly id: string
  readonly subject: S
  readonly asked: O
}
type PlacedRow = Placed<RowsSubject, NewRowOrder>
type PlacedLink = Placed<LinksSubject, NewLinkOrder>

/** The ids of the orders, in their order. */
export async function stateOrders(
  session: Session,
  context: Known,
  orders: readonly NewOrder[],
  by: RunBy,
): Promise<readonly string[]> {
  const named = orders.map((asked) => ({ id: asked.id ?? globalThis.crypto.randomUUID(), asked }))
  const rows = named.flatMap(({ id, asked }) =>
    'association' in asked ? [] : [placeRow(context, id, asked)],
  )
  for (const group of grouped(rows)) {
    const items = await rowItems(session, context, group)
    await store(session, context, { subject: group[0].subject, items, by })
  }
  const links = named.flatMap(({ id, asked }) =>
    'association' in asked ? [placeLink(context, id, asked)] : [],
  )
  for (const group of grouped(links)) {
    const items = await linkItems(session, context, group)
    await store(session, context, { subject: group[0].subject, items, by })
  }
  return named.map(({ id }) => id)
}

type Group<T> = readonly [T, ...T[]]

/** By what they are about. */
function grouped<T extends { readonly subject: Subject }>(placed: readonly T[]): readonly Group<T>[] {
  const groups = groupBy(placed, ({ subject }) => `${subject.known.id} ${subject.name}`)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others]],
  )
}

async function store(
  session: Session,
  context: Known,
  {
    subject,
    items,
    by,
  }: { readonly subject: Subject; readonly items: readonly StatedItem[]; readonly by: RunBy },
): Promise<void> {
  const { rows: inserted } = await run(session, insertion(subject, items, by))
  if (inserted.length >= many) await run(session, analyze)
  if (inserted.length < items.length) {
    const [differing] = (await run(session, findDiffering(subject, items))).rows
    if (differing !== undefined) throw new OrderDiffersError(differing.order_id, differing)
  }
  const fresh = inserted.map(({ position }) => position)
  if (fresh.length === 0) return
  const these = sql`o.position = any(${sql.value(fresh)}::bigint[])`
  await run(session, noteBefore(subject, await whatIsAsserted(session, context, subject, these)))
  await run(session, supersede(subject, fresh))
}

/** So many new rows change what the planner has to know of the table. */
const many = 1000

const analyze = statement('orders/analyze', sql`analyze sluice_order`)

function placeRow(context: Known, id: string, asked: NewRowOrder): PlacedRow {
  const known = sourceOf(context, id, asked)
  const subject = rowsOf(known, asked.entityType)
  if (subject !== undefined) return { id, subject, asked }
  const asserted = known.source.entities.map(({ entityType }) => entityType)
  throw new NothingAssertedError(id, { who: asked.source, what: asked.entityType, asserted })
}

function placeLink(context: Known, id: string, asked: NewLinkOrder): PlacedLink {
  const known = sourceOf(context, id, asked)
  const subject = linksSaidBy(context, known, asked.association)
  if (subject !== undefined) return { id, subject, asked }
  const { associations, entities } = known.source
  const ofSets = entities.flatMap(({ linkSets = [] }) => linkSets.map(({ association }) => association))
  const asserted = new Set([...associations.map(({ association }) => association), ...ofSets])
  throw new NothingAssertedError(id, {
    who: asked.source,
    what: `an association ${asked.association}`,
    asserted: [...asserted],
  })
}

function sourceOf({ sources }: Known, id: string, { source }: NewOrder): KnownSource {
  const known = sources.get(source)
  if (known !== undefined) return known
  const who = `a source ${source}, which is not configured,`
  throw new NothingAssertedError(id, { who, what: 'anything', asserted: [] })
}

async function rowItems(
  session: Session,
  context: Known,
  group: Group<PlacedRow>,
): Promise<readonly StatedItem[]> {
  const names = group.map(({ asked }) => asked.resource)
  const candidatesOf = await findKeys(session, context, group[0].subject, names)
  const keyOf = ({ id, asked, subject }: PlacedRow) => {
    const { key, called, spelled } = candidatesOf(asked.resource)
    if (key === null && called.length > 1)
      throw new AmbiguousOrderError(id, {
        source: subject.known.source.name,
        name: asked.resource,
        keys: called,
      })
    return key ?? called[0] ?? spelled
  }
  return group.flatMap((order) => {
    const of = { ...timesOf(order), key: keyOf(order), linkedTo: null }
    return itemsOf(context, order).map((item) => ({ ...of, ...item }))
  })
}

async function linkItems(
  session: Session,
  context: Known,
  group: Group<PlacedLink>,
): Promise<readonly StatedItem[]> {
  const endsOf = await nameEnds(session, context, group[0].subject, group)
  return group.map((order) => {
    const { from, to } = endsOf(order)
    const expects = order.asked.existence ?? 'exists'
    return { ...timesOf(order), key: from, linkedTo: to, expects, property: null, expected: null }
  })
}

function timesOf({ id, asked: { orderedAt, dueAt } }: Placed<Subject, NewOrder>) {
  return { id, orderedAt, dueAt }
}

type Item = Pick<StatedItem, 'expects' | 'property' | 'expected'>

function itemsOf(context: Known, { id, subject, asked }: PlacedRow): readonly Item[] {
  const { known, mapping } = subject
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
  const shown = shownSpelling(property, {}, text)
  if (shown === undefined || !isLegal(text) || text.includes('\0'))
    throw new ImpossibleOrderError(order, { property: property.name, value: text, expected })
  return shown
}
