/**
 * What a server is asked about runs: to show them and their changes, and to decide about those that are held.
 *
 * @module
 */
import {
  changeSchema,
  changesPageSchema,
  recordedRunStates,
  rejectedRowSchema,
  runReportSchema,
  stages,
  summarizedTypeSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { cursor, drift, limited, listed, mostInPage, runParams, sample } from './words.ts'

const ofChanges = {
  type: z.string().optional().describe('Only those of this entity type or association.'),
  operation: z.enum(['insert', 'update', 'delete']).optional(),
  key: z
    .string()
    .optional()
    .describe('Only those of resources with this key, and of links with an end of this name.'),
  keyStart: z
    .string()
    .optional()
    .describe('Only those of resources whose key begins with this, and of links with such an end.'),
  property: z.string().optional().describe('Only those in which this property changes.'),
}

const state = z.enum(recordedRunStates)

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
      state: z
        .union([state, z.array(state).max(recordedRunStates.length)])
        .optional()
        .describe('Only those in this state; may be repeated.'),
      before: z.coerce.number().int().positive().optional().describe('Only those before this run.'),
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
  changesPage: route({
    method: 'GET',
    path: '/runs/:run/changes/page',
    tag: 'runs',
    summary:
      'The same changes a page at a time: the next one is asked for with `cursor`. 100 when no limit is given.',
    permission: 'follow',
    params: runParams,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(mostInPage).optional(),
      cursor: z.string().max(20_000).optional().describe('`next` of the page before.'),
      drift,
      ...ofChanges,
    }),
    body: noBody,
    reply: json(changesPageSchema),
  }),
  changesSummary: route({
    method: 'GET',
    path: '/runs/:run/changes/summary',
    tag: 'runs',
    summary:
      'How many changes of a run there are of each entity type and association, and how many of its updates change which property.',
    permission: 'follow',
    params: runParams,
    query: none,
    body: noBody,
    reply: json(z.object({ types: z.array(summarizedTypeSchema) })),
  }),
  runProgress: route({
    method: 'GET',
    path: '/runs/:run/progress',
    tag: 'runs',
    summary:
      'Where a run that is at work stands, as far as this server knows: one that another process carries out has no stage here.',
    often: true,
    permission: 'follow',
    params: runParams,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        now: z
          .object({
            stage: z.enum(stages),
            subject: z.string().nullable().describe('The mapping or file at work.'),
            since: z.string().describe('UTC: when the stage began.'),
          })
          .nullable(),
        stages: z.array(z.object({ stage: z.enum(stages), milliseconds: z.number() })),
      }),
    ),
  }),
  rejectedRows: route({
    method: 'GET',
    path: '/runs/:run/rejected-rows',
    tag: 'runs',
    summary:
      'The rows a run left out, with the reason. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'follow',
    params: runParams,
    query: limited.extend({ cursor }),
    body: noBody,
    reply: lines(rejectedRowSchema.extend(listed)),
  }),
  approve: route({
    method: 'POST',
    path: '/runs/:run/approve',
    tag: 'runs',
    summary:
      'Apply the changes of a held run exactly as they were computed. If the repository has changed since, they are computed again, and the report says so.',
    permission: 'decide',
    params: runParams,
    query: z.strictObject({ reason: z.string().max(10_000).optional().describe('Kept with the run.') }),
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
