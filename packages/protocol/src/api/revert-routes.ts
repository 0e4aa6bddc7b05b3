/**
 * Taking a run back through a server, and trying again what it rejected.
 *
 * @module
 */
import { changeSchema, rejectedRowSchema, revertConflictSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, route } from './route.ts'
import { flag } from './words.ts'

const revertedSchema = z.object({
  report: runReportSchema,
  changes: z.array(changeSchema).describe('Of a dry run: the first changes of each kind.'),
  conflicts: z
    .array(revertConflictSchema)
    .describe('Of a dry run: what has changed since and would stay as it is; the first hundred.'),
})

const comment = z.string().max(10_000).optional().describe('Kept with the run, and shown in the history.')
const force = flag.describe('Applies what a threshold would hold.')

export const revertRoutes = {
  retry: route({
    method: 'POST',
    path: '/runs/:run/retry',
    tag: 'runs',
    summary:
      'Try the rows again that a run has rejected for their values, as they were delivered, in a run of its own.',
    permission: 'decide',
    params: z.strictObject({ run: z.coerce.number().int().positive() }),
    query: z.strictObject({
      comment,
      dryRun: flag.describe('Answers what would change; nothing is written.'),
      force,
    }),
    body: noBody,
    reply: json(
      z.object({
        report: runReportSchema,
        changes: z.array(changeSchema).describe('Of a dry run: the first changes of each kind.'),
        rejected: z
          .array(rejectedRowSchema)
          .describe('Of a dry run: the first rows that would be rejected again.'),
      }),
    ),
    answered: ({ report }) => (report.state === 'held' ? { status: 202, headers: {} } : { headers: {} }),
  }),
  revert: route({
    method: 'POST',
    path: '/runs/:run/revert',
    tag: 'runs',
    summary:
      'Take a run back, in a run of its own. Refused with 409 where something has changed since, unless `skipConflicts` leaves that as it is.',
    permission: 'decide',
    params: z.strictObject({ run: z.coerce.number().int().positive() }),
    query: z.strictObject({
      comment: z.string().max(10_000).optional().describe('Kept with the run, and shown in the history.'),
      dryRun: flag.describe('Answers what would change, and what conflicts; nothing is written.'),
      skipConflicts: flag.describe('What has changed since stays as it is.'),
      suspend: flag.describe('Suspends the sources that would bring it again.'),
      force,
    }),
    body: noBody,
    reply: json(revertedSchema),
    // 202: a threshold holds the run, and somebody has to decide.
    answered: ({ report }) => (report.state === 'held' ? { status: 202, headers: {} } : { headers: {} }),
  }),
}
