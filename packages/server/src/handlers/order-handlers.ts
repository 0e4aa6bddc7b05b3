/**
 * Orders: stated, taken back, and what became of them.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function orderHandlers({ repository, synchronizer }: ServerContext) {
  return {
    orders: handler(routes.orders, async ({ query: { state, ...query } }) =>
      repository.orders({ ...query, state: state === undefined ? undefined : [state].flat() }),
    ),

    orderCounts: handler(routes.orderCounts, async ({ query: { state, ...query } }) => ({
      counts: [
        ...(await repository.countOrdersBy({
          ...query,
          state: state === undefined ? undefined : [state].flat(),
        })),
      ],
    })),

    stateOrders: handler(routes.stateOrders, async ({ body, caller, log }) => {
      const orders = await synchronizer.stateOrders(body.orders, caller.by)
      log.info({ by: caller.name, orders: body.orders.length }, 'orders stated')
      return { orders }
    }),

    cancelOrder: handler(routes.cancelOrder, async ({ params: { order }, caller, log }) => {
      const orders = await synchronizer.cancelOrder(order)
      log.info({ by: caller.name, order }, 'order cancelled')
      return { orders }
    }),
  }
}
