/**
 * Takes an order back: all that it says and that still stands.
 *
 * @module
 */
import { orderLife } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { isStanding } from './compare-orders.ts'
import { NoSuchOrderError } from './order-errors.ts'

export async function cancelOrder(session: Session, order: string): Promise<void> {
  const { count } = await run(session, cancel(order))
  if (count === 0) throw new NoSuchOrderError(order)
}

function cancel(order: string): Statement {
  return statement(
    'orders/cancel',
    sql`update sluice_order o set state = ${sql.literal(orderLife.destinationOf('cancelled'))}, state_since = clock_timestamp(), state_run = null
    where o.order_id = ${sql.value(order)} and ${isStanding(sql`o`)}`,
  )
}
