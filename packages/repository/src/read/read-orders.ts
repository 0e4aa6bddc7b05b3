/**
 * Reads what was ordered of managed systems, and what became of it.
 *
 * @module
 */
import { type OrderRecord, type OrderState, orderLife, orderRecordSchema } from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { allOf, anyOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { PageSize } from './page-size.ts'
import { behindCursor } from './position-cursor.ts'
import { UnknownNameError } from './read-errors.ts'

export interface OrdersQuery {
  readonly source?: string | undefined
  /** Those that are in one of these; all when absent. */
  readonly state?: readonly OrderState[] | undefined
  /** Only what stands and the source does not say: the differences between the theoretical state and the real one. */
  readonly differing?: boolean | undefined
  readonly limit?: number | undefined
  /** Goes on behind the order that had this cursor. */
  readonly cursor?: string | undefined
}

export type ListedOrder = OrderRecord & { readonly cursor: string }

/** In the order in which they were stated, read in pages. */
export async function* readOrders(database: Database, query: OrdersQuery = {}): AsyncGenerator<ListedOrder> {
  const { source } = query
  if (source !== undefined) await database.session((session) => requireSource(session, source))
  let left = query.limit ?? Number.POSITIVE_INFINITY
  const pages = new PageSize()
  for (let after = query.cursor ?? '0'; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const behind = behindCursor(sql`o.position`, after)
    const page = ordersWhere(allOf([...conditionsOf(query), behind]), sql` limit ${sql.value(size)}::bigint`)
    const { rows } = await database.session((session) => run(session, page))
    pages.learn(rows)
    for (const row of rows) yield { ...recordOf(row), cursor: row.position }
    left -= rows.length
    after = rows.at(-1)?.position ?? after
    if (rows.length < size) return
  }
}

/** Of a source that is not there nothing would differ. */
async function requireSource(session: Session, source: string): Promise<void> {
  const { rows } = await run(session, sourceNames)
  const names = rows.map(({ name }) => name)
  if (!names.includes(source)) throw new UnknownNameError('source', source, names)
}

const sourceNames = statement<{ name: string }>(
  'read/source-names',
  sql`select name from sluice_source order by source_id`,
)

/** What was ordered of a resource: of its links, and of the rows of sources that stand behind it. */
export async function ordersOf(
  session: Session,
  of: {
    readonly resourceId: string
    readonly entityTypes: readonly string[]
    readonly rows: readonly { readonly source: string; readonly key: string }[]
  },
): Promise<readonly OrderRecord[]> {
  const id = sql`${sql.value(of.resourceId)}::bigint`
  const ends = anyOf([sql`o.from_id = ${id}`, sql`o.to_id = ${id}`])
  const rows = of.rows.map(
    ({ source, key }) => sql`s.name = ${sql.value(source)} and o.key = ${sql.value(key)}`,
  )
  const these = anyOf([
    sql`o.association is not null and ${ends}`,
    sql`o.entity_type = any(${sql.value(of.entityTypes)}::text[]) and ${anyOf(rows)}`,
  ])
  const found = await run(session, ordersWhere(these))
  return found.rows.map(recordOf)
}

/** All that orders say, by their ids. */
export async function ordersNamed(
  session: Session,
  orders: readonly string[],
): Promise<readonly OrderRecord[]> {
  const found = await run(session, ordersWhere(sql`o.order_id = any(${sql.value(orders)}::text[])`))
  return found.rows.map(recordOf)
}

/** How many things stand that were ordered, by source and state. */
export async function countOrders(
  database: Database,
): Promise<readonly { readonly source: string; readonly state: OrderState; readonly count: number }[]> {
  const { rows } = await database.session((session) => run(session, countsOfStanding))
  return rows
}

const isStanding = sql`o.state in (${commas(orderLife.open.map((state) => sql.literal(state)))})`

const countsOfStanding = statement<{ source: string; state: OrderState; count: number }>(
  'read/count-orders',
  sql`select s.name as source, o.state, count(*)::int as count from sluice_order o join sluice_source s using (source_id)
  where ${isStanding} group by s.name, o.state`,
)

export interface OrdersCount {
  readonly source: string
  readonly state: OrderState
  readonly count: number
  /** UTC: when the first of them was stated. */
  readonly oldest: string
}

/** How many fulfil the conditions, by source and state. */
export async function countOrdersBy(
  database: Database,
  query: Omit<OrdersQuery, 'limit' | 'cursor'>,
): Promise<readonly OrdersCount[]> {
  const { source } = query
  return await database.session(async (session) => {
    if (source !== undefined) await requireSource(session, source)
    return (await run(session, countsWhere(allOf(conditionsOf(query))))).rows
  })
}

function countsWhere(condition: SQL): Statement<OrdersCount> {
  return statement(
    'read/count-orders-by',
    sql`select s.name as source, o.state, count(*)::int as count, min(o.ordered_at) as oldest
    from sluice_order o join sluice_source s using (source_id) where ${condition} group by s.name, o.state order by s.name, o.state`,
  )
}

interface OrderRow extends Row {
  readonly position: string
  readonly expects: 'value' | 'exists' | 'gone'
  readonly association: string | null
  readonly expected: string | null
  readonly asserted: string | null
  readonly there: boolean
  readonly run: string | null
}

function ordersWhere(condition: SQL, behind: SQL = sql.blank): Statement<OrderRow> {
  return statement(
    'read/orders',
    sql`select o.position, o.order_id as order, s.name as source, o.entity_type as "entityType", o.association, o.key,
      o.linked_to as to, o.property, o.expects, o.expected,
      o.asserted, o.there, o.state, o.ordered_at as "orderedAt", o.due_at as "dueAt", o.by_name as by, o.state_since as since, o.state_run as run
    from sluice_order o join sluice_source s using (source_id) where ${condition} order by o.position${behind}`,
  )
}

function conditionsOf({ source, state, differing }: OrdersQuery): readonly SQL[] {
  return [
    ...(source === undefined ? [] : [sql`s.name = ${sql.value(source)}`]),
    ...(state === undefined ? [] : [sql`o.state = any(${sql.value(state)}::text[])`]),
    ...(differing === true ? [sql`${isStanding} and o.state <> 'executed'`] : []),
  ]
}

function recordOf({ position, expects, expected, asserted, there, run, ...row }: OrderRow): OrderRecord {
  const isValue = expects === 'value'
  return orderRecordSchema.parse({
    ...row,
    expected: isValue ? expected : expects,
    asserted: isValue ? asserted : there ? 'exists' : 'gone',
    instead: row.association === null ? null : asserted,
    there,
    run: run === null ? null : Number(run),
  })
}
