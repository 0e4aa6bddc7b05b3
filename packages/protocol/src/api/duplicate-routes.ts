/**
 * What a server is asked about resources that may be one: which they are, and which are not.
 *
 * @module
 */
import { distinctSchema, duplicatesSchema } from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { cursor, listed } from './words.ts'

const mostGroups = 10_000
const pairs = json(z.object({ pairs: z.number().describe('So many pairs changed.') }))

export const duplicateRoutes = {
  duplicates: route({
    method: 'GET',
    path: '/duplicates/:type',
    tag: 'edits',
    summary:
      'Possible duplicates: resources with the same values in the properties that a reconciliation rule compares, or in the properties that are named. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'read',
    params: z.strictObject({ type: z.string() }),
    query: z.strictObject({
      by: z.string().optional().describe('Names of properties, separated by commas.'),
      limit: z.coerce
        .number()
        .int()
        .positive()
        .max(mostGroups)
        .optional()
        .describe('Groups; 100 when absent.'),
      cursor,
    }),
    body: noBody,
    reply: lines(duplicatesSchema.extend(listed)),
  }),
  sayDistinct: route({
    method: 'POST',
    path: '/distinct',
    tag: 'edits',
    summary:
      'Mark resources as distinct, whatever they have in common: they are no longer shown as duplicates.',
    permission: 'edit',
    params: none,
    query: none,
    body: json(distinctSchema),
    reply: pairs,
  }),
  takeBackDistinct: route({
    method: 'DELETE',
    path: '/distinct',
    tag: 'edits',
    summary: 'Take back that resources are distinct.',
    permission: 'edit',
    params: none,
    query: none,
    body: json(distinctSchema),
    reply: pairs,
  }),
} as const
