/**
 * What a server is asked about what is not in the repository as sources assert it.
 *
 * @module
 */
import { orphanSchema, rejectionReasonSchema, standingRejectionSchema } from '@sluice/model'
import { z } from 'zod'
import { lines, noBody, none, route } from './route.ts'
import { limit, mostNamed } from './words.ts'

const query = z.strictObject({
  source: z
    .union([z.string(), z.array(z.string()).max(mostNamed)])
    .optional()
    .describe('Only of this source; may be repeated.'),
  limit,
})

export const leftOutRoutes = {
  orphans: route({
    method: 'GET',
    path: '/orphans',
    tag: 'sources',
    summary:
      'Names that references and links of sources wait for, each with how many do; those that most wait for first.',
    permission: 'follow',
    params: none,
    query,
    body: noBody,
    reply: lines(orphanSchema),
  }),
  rejections: route({
    method: 'GET',
    path: '/rejected-rows',
    tag: 'sources',
    summary: 'Rows that are left out as the sources stand now: those of the last applied run of each.',
    permission: 'follow',
    params: none,
    query,
    body: noBody,
    reply: lines(standingRejectionSchema),
  }),
  rejectionReasons: route({
    method: 'GET',
    path: '/rejected-rows/reasons',
    tag: 'sources',
    summary: 'The same rows by mapping, column and reason, each with their number and the first of them.',
    permission: 'follow',
    params: none,
    query,
    body: noBody,
    reply: lines(rejectionReasonSchema),
  }),
} as const
