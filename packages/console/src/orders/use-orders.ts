/**
 * Orders as they are listed, and how many there are of all that fit.
 *
 * @module
 */
import { useQuery } from '@tanstack/react-query'
import { ask, askLines, type Reply } from '../api/ask.ts'
import { keptWithin, live } from '../api/query-client.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'
import type { OrderView } from './order-view.ts'

export type ListedOrder = Reply<'GET /orders'>

export function useOrders(view: OrderView) {
  const readPage: ReadPage<ListedOrder> = ({ signal, ...page }) =>
    askLines('GET /orders', { query: { ...view, ...page }, signal })
  return { ...useListed({ queryKey: ['orders', view], prefix: ['orders'], readPage }), readPage }
}

export function useOrderCounts(view: OrderView) {
  return useQuery({
    queryKey: ['orders', 'counts', view],
    ...keptWithin('orders', 'counts'),
    queryFn: ({ signal }) => ask('GET /order-counts', { query: { ...view }, signal }),
    ...live,
  })
}
