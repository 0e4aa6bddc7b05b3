/**
 * What a server is asked about orders: to take them, to take them back, to show what became of them.
 *
 * @module
 */
import { newOrdersSchema, orderRecordSchema, orderStates } from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { flag } from './words.ts'

const records = json(z.object({ orders: z.array(orderRecordSchema) }))

export const orderRoutes = {
  orders: route({
    method: 'GET',
    path: '/orders',
    tag: 'orders',
    summary: 'What was ordered of sources and what became of it, in the order in which it was stated.',
    permission: 'read',
    params: none,
    query: z.strictObject({
      source: z.string().optional(),
      state: z
        .union([z.enum(orderStates), z.array(z.enum(orderStates))])
        .optional()
        .describe('Only what is so; may be repeated.'),
      differing: flag.describe('Only what stands and the source does not say.'),
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
      'State what sources should say, all of it or nothing. An order that has an id may be stated again; what is newer supersedes what was ordered of the same thing.',
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
    summary: 'Take back all of an order that still stands.',
    permission: 'edit',
    params: z.strictObject({ order: z.string() }),
    query: none,
    body: noBody,
    reply: records,
  }),
} as const
