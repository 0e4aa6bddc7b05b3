/**
 * What a server is asked about orders: to take them, to take them back, to show what became of them.
 *
 * @module
 */
import { newOrdersSchema, orderRecordSchema, orderStates } from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { flag, mostNamed } from './words.ts'

const records = json(z.object({ orders: z.array(orderRecordSchema) }))

export const orderRoutes = {
  orders: route({
    method: 'GET',
    path: '/orders',
    tag: 'orders',
    summary: 'Orders and their results, oldest first.',
    permission: 'read',
    params: none,
    query: z.strictObject({
      source: z.string().optional(),
      state: z
        .union([z.enum(orderStates), z.array(z.enum(orderStates)).max(mostNamed)])
        .optional()
        .describe('Only those in this state; may be repeated.'),
      differing: flag.describe('Only open orders that the source has not executed.'),
      limit: z.coerce.number().int().positive().optional(),
    }),
    body: noBody,
    reply: lines(orderRecordSchema),
  }),
  stateOrders: route({
    method: 'POST',
    path: '/orders',
    tag: 'orders',
    summary:
      'Add orders, all or none. An order that has an id may be sent again; a newer order supersedes older ones of the same property or link.',
    permission: 'edit',
    params: none,
    query: none,
    body: json(z.strictObject({ orders: newOrdersSchema })),
    reply: records,
  }),
  cancelOrder: route({
    method: 'POST',
    path: '/orders/:order/cancel',
    tag: 'orders',
    summary: 'Cancel an order, as far as it is still open.',
    permission: 'edit',
    params: z.strictObject({ order: z.string() }),
    query: none,
    body: noBody,
    reply: records,
  }),
} as const
