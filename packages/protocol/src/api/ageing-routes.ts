/**
 * Letting go through a server what has disappeared for long enough.
 *
 * @module
 */
import { changeSchema, rejectedRowSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { flag } from './words.ts'

export const ageingRoutes = {
  ageingSources: route({
    method: 'GET',
    path: '/ageing',
    tag: 'sources',
    summary: 'Sources of which anything can age at all.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ sources: z.array(z.string()) })),
  }),
  age: route({
    method: 'POST',
    path: '/sources/:source/age',
    tag: 'sources',
    summary:
      'Apply what is due for rows that disappeared from a source: those not seen for its `fullLoadInterval`, and resources whose retention has ended. A run that does nothing else; no report where nothing is due. Administrators, operators and the owner of the source may.',
    permission: 'follow',
    params: z.strictObject({ source: z.string() }),
    query: none,
    body: json(
      z.strictObject({
        dryRun: flag.describe('Say what would happen; nothing is written.'),
        force: flag.describe('Apply even what exceeds a threshold.'),
        sample: z.coerce.number().int().positive().max(1000).optional(),
      }),
    ),
    reply: json(
      z.object({
        /** `null`: nothing has aged. */
        report: runReportSchema.nullable(),
        /** Of a dry run: the first changes of each kind. */
        changes: z.array(changeSchema),
        rejected: z.array(rejectedRowSchema),
      }),
    ),
    // 202: a threshold holds the run, and somebody has to decide.
    answered: ({ report }) => (report?.state === 'held' ? { status: 202, headers: {} } : { headers: {} }),
  }),
} as const
