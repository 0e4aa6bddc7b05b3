/**
 * What a server is asked about runs: to show them and their changes, and to decide about those that are held.
 *
 * @module
 */
import { changeSchema, rejectedRowSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { drift, limited, runParams, sample } from './words.ts'

const ofChanges = {
  type: z.string().optional().describe('Only those of this entity type or association.'),
  operation: z.enum(['insert', 'update', 'delete']).optional(),
  key: z
    .string()
    .optional()
    .describe('Only those of resources with this key, and of links with an end of this name.'),
  property: z.string().optional().describe('Only those in which this property changes.'),
}

export const runRoutes = {
  runs: route({
    method: 'GET',
    path: '/runs',
    tag: 'runs',
    summary: 'Reports of runs, newest first; 50 when no limit is given.',
    permission: 'follow',
    params: none,
    query: z.strictObject({
      source: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    body: noBody,
    reply: json(z.object({ runs: z.array(runReportSchema) })),
  }),
  run: route({
    method: 'GET',
    path: '/runs/:run',
    tag: 'runs',
    summary: 'The report of a run.',
    permission: 'follow',
    params: runParams,
    query: none,
    body: noBody,
    reply: json(runReportSchema),
  }),
  changes: route({
    method: 'GET',
    path: '/runs/:run/changes',
    tag: 'runs',
    summary: 'The changes of a run: of a held one what it would do, of an applied one what it did.',
    permission: 'follow',
    params: runParams,
    query: limited.extend({ sample, drift, ...ofChanges }),
    body: noBody,
    reply: lines(changeSchema),
  }),
  rejectedRows: route({
    method: 'GET',
    path: '/runs/:run/rejected-rows',
    tag: 'runs',
    summary: 'The rows a run left out, with the reason.',
    permission: 'follow',
    params: runParams,
    query: limited,
    body: noBody,
    reply: lines(rejectedRowSchema),
  }),
  approve: route({
    method: 'POST',
    path: '/runs/:run/approve',
    tag: 'runs',
    summary:
      'Apply the changes of a held run exactly as they were computed. If the repository has changed since, they are computed again, and the report says so.',
    permission: 'decide',
    params: runParams,
    query: none,
    body: noBody,
    reply: json(z.object({ report: runReportSchema, moved: z.boolean() })),
  }),
  reject: route({
    method: 'POST',
    path: '/runs/:run/reject',
    tag: 'runs',
    summary: 'Reject a held run; nothing of it is applied.',
    permission: 'decide',
    params: runParams,
    query: none,
    body: json(z.strictObject({ reason: z.string().max(10_000).optional() })),
    reply: json(runReportSchema),
  }),
} as const
