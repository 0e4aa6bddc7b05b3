/**
 * What a server is asked about its sources: how they are doing.
 *
 * @module
 */
import { healthSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { exportFailureSchema, sourceChainSchema } from '../delivery/delivery.ts'
import { json, noBody, none, route } from './route.ts'
import { acceptLanguage, language, sourceParams, variesByLanguage } from './words.ts'

/** How a source is doing. */
const sourceStatusSchema = sourceChainSchema.extend({
  name: z.string(),
  description: z.string().nullable(),
  /** `open`: its rows stand in tables of the repository; `delivered`: agents bring its files. */
  kind: z.enum(['open', 'delivered']).optional(),
  /** Deliveries that are announced or ready. */
  waiting: z.int().nonnegative(),
  lastRun: runReportSchema
    .pick({ run: true, mode: true, state: true, startedAt: true, finishedAt: true })
    .nullable(),
})
const sourceTrendSchema = z.object({
  source: z.string(),
  runs: z.array(
    z.object({
      run: z.int().positive(),
      at: z.string().describe('UTC: when it was applied.'),
      read: z.int().nonnegative().describe('Rows that came; of an incremental those that changed.'),
      rejected: z.int().nonnegative(),
      faulty: z.int().nonnegative().describe('Rows of shared types that could not be applied.'),
      age: z
        .number()
        .nullable()
        .describe('Milliseconds since the run before was applied; null where none is kept.'),
    }),
  ),
})
export type SourceStatus = Readonly<z.infer<typeof sourceStatusSchema>>

export const sourceRoutes = {
  status: route({
    method: 'GET',
    path: '/status',
    tag: 'sources',
    summary:
      'All sources in one list: last run, what is applied and how old it is, what waits, and what needs attention, with the next command.',
    permission: 'follow',
    params: none,
    query: z.strictObject({ language }),
    headers: acceptLanguage,
    body: noBody,
    reply: json(healthSchema),
    answered: () => variesByLanguage,
  }),
  sourceTrends: route({
    method: 'GET',
    path: '/source-trends',
    tag: 'sources',
    summary:
      'How sources went from one applied run to the next, the oldest first: rows that came and were rejected, rows with errors, and how old what was known of the source had become.',
    permission: 'follow',
    params: none,
    query: z.strictObject({
      source: z.string().optional().describe('Only of this source.'),
      runs: z.coerce
        .number()
        .int()
        .min(1)
        .max(200)
        .optional()
        .describe('The last so many of each source; 40 when absent.'),
    }),
    body: noBody,
    reply: json(z.object({ sources: z.array(sourceTrendSchema) })),
  }),
  sources: route({
    method: 'GET',
    path: '/sources',
    tag: 'sources',
    summary: 'Every source and how it is doing.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ sources: z.array(sourceStatusSchema) })),
  }),
  source: route({
    method: 'GET',
    path: '/sources/:source',
    tag: 'sources',
    summary: 'How one source is doing: its chain of deliveries, its held run.',
    permission: 'follow',
    params: sourceParams,
    query: none,
    body: noBody,
    reply: json(sourceStatusSchema),
  }),
  exportFailed: route({
    method: 'POST',
    path: '/sources/:source/export-failed',
    tag: 'sources',
    summary:
      'Say that the export of a source failed, so that nothing will be delivered; receivers are notified.',
    permission: 'deliver',
    params: sourceParams,
    query: none,
    body: json(exportFailureSchema),
    reply: json(z.object({ source: z.string() })),
  }),
} as const
