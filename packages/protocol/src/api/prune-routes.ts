/**
 * Pruning through a server: a while in each request, so that no connection waits for long, and whoever is stopped has done what he has done.
 *
 * @module
 */
import { pruneReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, none, route } from './route.ts'
import { flag } from './words.ts'

export const pruneRoutes = {
  prune: route({
    method: 'POST',
    path: '/prune',
    tag: 'repository',
    summary:
      'Remove what `retention` keeps no longer, for some seconds: `done` says whether there is more to remove. A server does so by itself, too.',
    permission: 'decide',
    params: none,
    query: none,
    body: json(z.strictObject({ dryRun: flag.describe('Say what would be removed; nothing is.') })),
    reply: json(pruneReportSchema),
  }),
} as const
