/**
 * What a server is asked about the graph that resources, links and references are.
 *
 * @module
 */
import { z } from 'zod'
import { impactSchema, linkedCountSchema, linkedSchema, neighboursSchema } from './records.ts'
import { json, lines, noBody, none, route } from './route.ts'
import { cursor, flag, limit, listed } from './words.ts'

/** The most resources of an answer. */
const mostReached = 10_000

const resourceParams = z.strictObject({
  entityType: z.string(),
  key: z.string().describe('Its key in a source, its display value, its id, or `#` and its id.'),
})

const walk = {
  by: z.string().optional().describe('The property whose value `key` is.'),
  limit: z.coerce
    .number()
    .int()
    .positive()
    .max(mostReached)
    .optional()
    .describe(`At most so many resources beside it; ${mostReached} when not given.`),
}
const depth = z.coerce.number().int().nonnegative().optional()

export const graphRoutes = {
  neighbours: route({
    method: 'GET',
    path: '/resources/:entityType/:key/neighbours',
    tag: 'repository',
    summary: 'What a resource is linked to or refers to, and who to it, breadth first.',
    permission: 'read',
    params: resourceParams,
    query: z.strictObject({
      ...walk,
      depth: depth.describe('No further than so many links away; 1 when not given.'),
      direction: z
        .enum(['out', 'in', 'both'])
        .optional()
        .describe('`out`: from the end `from` of a link to its end `to`. `both` when not given.'),
      along: z
        .string()
        .optional()
        .describe('Names of associations and references, with commas between them; all when not given.'),
    }),
    body: noBody,
    reply: json(neighboursSchema),
  }),
  linkedCounts: route({
    method: 'GET',
    path: '/resources/:entityType/:key/link-counts',
    tag: 'repository',
    summary:
      'How many resources a resource is linked to or refers to, and how many to it: by association and reference, at each end.',
    permission: 'read',
    params: resourceParams,
    query: none,
    body: noBody,
    reply: json(z.object({ counts: z.array(linkedCountSchema) })),
  }),
  linked: route({
    method: 'GET',
    path: '/resources/:entityType/:key/links/:name',
    tag: 'repository',
    summary:
      'What a resource is linked to by an association or a reference such as `Person.manager`, in the order of ids. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'read',
    params: resourceParams.extend({ name: z.string() }),
    query: z.strictObject({
      end: z.enum(['from', 'to']).describe('The end at which the resource stands.'),
      limit,
      cursor,
    }),
    body: noBody,
    reply: lines(linkedSchema.extend(listed)),
  }),
  impact: route({
    method: 'GET',
    path: '/resources/:entityType/:key/impact',
    tag: 'repository',
    summary: 'Who is impacted when a resource fails, the greatest impact first; or whose failure impacts it.',
    permission: 'read',
    params: resourceParams,
    query: z.strictObject({
      ...walk,
      depth: depth.describe('No further than so many links away; as far as there is any when not given.'),
      upstream: flag.describe('What it depends on, and not what depends on it.'),
      minWeight: z.coerce
        .number()
        .min(0)
        .max(100)
        .optional()
        .describe('Only what is impacted by so many percent at least.'),
    }),
    body: noBody,
    reply: json(impactSchema),
  }),
} as const
