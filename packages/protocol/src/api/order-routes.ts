/**
 * What a server is asked about orders: to take them, to take them back, to show what became of them.
 *
 * @module
 */
import { newOrdersSchema, orderRecordSchema, orderStates } from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { cursor, flag, listed, mostNamed } from './words.ts'

const matching = {
  source: z.string().optional(),
  state: z
    .union([z.enum(orderStates), z.array(z.enum(orderStates)).max(mostNamed)])
    .optional()
    .describe('Only those in this state; may be repeated.'),
  differing: flag.describe('Only open orders that the source has not executed.'),
}

const records = json(z.object({ orders: z.array(orderRecordSchema) }))

export const orderRoutes = {
  orders: route({
    method: 'GET',
    path: '/orders',
    tag: 'orders',
    summary:
      'Orders and their results, oldest first. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'read',
    params: none,
    query: z.strictObject({
      ...matching,
      limit: z.coerce.number().int().positive().optional(),
      cursor,
    }),
    body: noBody,
    reply: lines(orderRecordSchema.extend(listed)),
  }),
  orderCounts: route({
    method: 'GET',
    path: '/order-counts',
    tag: 'orders',
    summary: 'How many orders there are, by source and state, and when the first of them was added.',
    permission: 'read',
    params: none,
    query: z.strictObject(matching),
    body: noBody,
    reply: json(
      z.object({
        counts: z.array(
          z.object({
            source: z.string(),
            state: z.enum(orderStates),
            count: z.number(),
            oldest: z.string().describe('UTC.'),
          }),
        ),
      }),
    ),
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
