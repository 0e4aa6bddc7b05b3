/** Deliveries of a source, the newest first: a list that goes on as it is scrolled. @module */
import { ask, type Reply } from '../api/ask.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'

export type DeliveryRecord = Reply<'GET /deliveries'>['deliveries'][number]
export type ListedDelivery = DeliveryRecord & { readonly cursor: string }

/** `open`: only those that are not over. */
export function useDeliveries(source: string, open: boolean) {
  const readPage: ReadPage<ListedDelivery> = async ({ limit, cursor, signal }) => {
    const query = { source, limit, before: cursor, ...(open ? { open } : {}) }
    const { deliveries } = await ask('GET /deliveries', { query, signal })
    return deliveries.map((one) => ({ ...one, cursor: one.delivery }))
  }
  return {
    ...useListed({ queryKey: ['deliveries', source, open], prefix: ['deliveries', source], readPage }),
    readPage,
  }
}
