/**
 * What a server is asked about the roots of a source that is a graph: which there are, what one gives, to evaluate some anew.
 *
 * @module
 */
import {
  changeSchema,
  rejectedRowSchema,
  rootRecordSchema,
  runReportSchema,
  shownRootSchema,
  wantedRootsSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { flag, limited, sourceParams } from './words.ts'

export const rootRoutes = {
  roots: route({
    method: 'GET',
    path: '/sources/:source/roots',
    tag: 'sources',
    summary:
      'Roots of a source that is a graph, in the order of their names: what each gives, and what stopped those that failed.',
    permission: 'read',
    params: sourceParams,
    query: limited.extend({
      failed: flag.describe('Only those that failed the last time that they were evaluated.'),
      kind: z.string().optional().describe('Only those of this kind.'),
      after: z.string().optional().describe('Continues after this root.'),
    }),
    body: noBody,
    reply: lines(rootRecordSchema),
  }),
  root: route({
    method: 'GET',
    path: '/sources/:source/roots/:root',
    tag: 'sources',
    summary: 'One root: what it gives, shared with which others, and the part of the graph that it reaches.',
    permission: 'read',
    params: sourceParams.extend({ root: z.string() }),
    query: none,
    body: noBody,
    reply: json(shownRootSchema),
  }),
  evaluateRoots: route({
    method: 'POST',
    path: '/sources/:source/roots/evaluate',
    tag: 'sources',
    summary:
      'Evaluate roots again on the stored graph, in a run of its own; the report is null where no root matches.',
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(
      z.strictObject({
        wanted: wantedRootsSchema,
        reason: z.string().max(10_000).optional(),
        dryRun: z.boolean().optional().describe('Say what would change; write nothing.'),
        force: z.boolean().optional().describe('Apply it even where a threshold would hold it.'),
      }),
    ),
    reply: json(
      z.object({
        report: runReportSchema.nullable(),
        changes: z.array(changeSchema),
        rejected: z.array(rejectedRowSchema),
      }),
    ),
  }),
} as const
