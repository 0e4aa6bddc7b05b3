/**
 * The audit log, asked through a server.
 *
 * @module
 */
import { auditRecordSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

const moment = z.iso.datetime({ offset: true }).optional()

export const auditRoutes = {
  audit: route({
    method: 'GET',
    path: '/audit',
    tag: 'sessions',
    summary:
      'Who changed what, or tried to, and who signed in: the newest first, 100 when no limit is given. `before` goes on behind a page.',
    permission: 'administer',
    params: none,
    query: z.strictObject({
      who: z.string().optional(),
      action: z.string().optional(),
      from: moment,
      to: moment,
      before: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(
      z.object({
        entries: z.array(auditRecordSchema),
        /** As `before`, for those behind; `null`: there are none. */
        next: z.number().nullable(),
      }),
    ),
  }),
} as const
