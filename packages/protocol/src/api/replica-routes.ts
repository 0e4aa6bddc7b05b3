/**
 * What a server is asked to do with single rows of a source.
 *
 * @module
 */
import { replicaActions, replicaStatuses, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, none, route } from './route.ts'
import { instant, mostNamed } from './words.ts'

/** So many rows may be named at once: they are read as one document. */
const mostKeys = 10_000

export const replicaRoutes = {
  actOnReplicas: route({
    method: 'POST',
    path: '/sources/:source/replicas/:type/actions',
    tag: 'sources',
    summary:
      'Apply rows again, detach them from their resources, let them search again, or delete them: those that are named, or all that fulfil the conditions.',
    permission: 'decide',
    params: z.strictObject({ source: z.string(), type: z.string() }),
    query: none,
    body: json(
      z.strictObject({
        action: z.enum(replicaActions),
        keys: z.array(z.string()).min(1).max(mostKeys).optional(),
        status: z.array(z.enum(replicaStatuses)).max(mostNamed).optional(),
        errors: z.boolean().optional().describe('Only rows with an error or a warning.'),
        notSeenSince: instant.optional().describe('Only rows that were last seen before.'),
        reason: z.string().optional(),
      }),
    ),
    reply: json(z.object({ rows: z.number(), report: runReportSchema })),
  }),
} as const
