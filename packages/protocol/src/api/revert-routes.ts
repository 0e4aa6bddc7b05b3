/**
 * Taking a run back through a server.
 *
 * @module
 */
import { changeSchema, revertConflictSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, noBody, route } from './route.ts'

const flag = z
  .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
    error: 'expected true or false',
  })
  .optional()

const revertedSchema = z.object({
  report: runReportSchema,
  changes: z.array(changeSchema).describe('Of a dry run: the first changes of each kind.'),
  conflicts: z
    .array(revertConflictSchema)
    .describe('Of a dry run: what has changed since and would stay as it is; the first hundred.'),
})

export const revertRoutes = {
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
      force: flag.describe('Applies what a threshold would hold.'),
    }),
    body: noBody,
    reply: json(revertedSchema),
    // 202: a threshold holds the run, and somebody has to decide.
    answered: ({ report }) => (report.state === 'held' ? { status: 202, headers: {} } : { headers: {} }),
  }),
}
