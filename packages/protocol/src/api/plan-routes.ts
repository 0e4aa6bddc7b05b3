/**
 * What a server is asked about plans: what a delivery would change that is in no queue.
 *
 * Its files are brought as those of a delivery are, in pieces; they are gone once the plan is made, or nobody asks for it.
 *
 * @module
 */
import { changeSchema, changesSumSchema, rejectedRowSchema, runReportSchema, uuidSchema } from '@sluice/model'
import { z } from 'zod'
import { deliveredFileNameSchema, manifestSchema } from '../delivery/delivery.ts'
import { bytesBody, json, noBody, none, route } from './route.ts'
import { flag, sample } from './words.ts'

/** The id of a plan is whoever asks for it's to choose. */
const plan = z.strictObject({ source: z.string(), plan: uuidSchema })
const file = plan.extend({ file: deliveredFileNameSchema })
const received = z.object({ size: z.int().nonnegative() })

export const planRoutes = {
  receivedPlanFile: route({
    method: 'GET',
    path: '/sources/:source/plans/:plan/files/:file',
    tag: 'sources',
    summary: 'How many bytes (uncompressed) of a file to plan with have arrived.',
    permission: 'deliver',
    params: file,
    query: none,
    body: noBody,
    reply: json(received),
  }),
  appendPlanFile: route({
    method: 'PATCH',
    path: '/sources/:source/plans/:plan/files/:file',
    tag: 'sources',
    summary:
      'Append to a file to plan with at `offset`, the size it has now (0 starts again). The body may be compressed: Content-Encoding gzip, br or zstd.',
    permission: 'deliver',
    params: file,
    query: z.strictObject({ offset: z.coerce.number().int().nonnegative() }),
    body: bytesBody,
    reply: json(received),
  }),
  planDelivery: route({
    method: 'POST',
    path: '/sources/:source/plans/:plan',
    tag: 'sources',
    summary: 'What a delivery of these files would change, and what would hold it. Nothing is written.',
    permission: 'deliver',
    params: plan,
    query: none,
    body: json(
      z.strictObject({
        mode: z.enum(['initial', 'complete', 'incremental']),
        manifest: manifestSchema,
        sample,
        summed: flag.describe('With the sum of what would change, by which exactly that can be applied.'),
      }),
    ),
    reply: json(
      z.object({
        report: runReportSchema,
        changes: z.array(changeSchema),
        rejected: z.array(rejectedRowSchema),
        sum: changesSumSchema.optional(),
      }),
    ),
  }),
} as const
