/**
 * What a server is asked about definitions of sources: to show them, to store them, to take sources away.
 *
 * @module
 */
import {
  appliedDefinitionsSchema,
  changeSchema,
  describedSourceSchema,
  rejectedRowSchema,
  resourceFates,
  runReportSchema,
  sourceChangeSchema,
  sourceHoldingsSchema,
  sourceRecordSchema,
  suspensionSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

const source = z.strictObject({ source: z.string() })

export const definitionRoutes = {
  definitions: route({
    method: 'GET',
    path: '/definitions',
    tag: 'sources',
    summary:
      'Every source, where it is defined, and what it holds; also those that are no longer in the files.',
    permission: 'read',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ sources: z.array(sourceRecordSchema) })),
  }),
  applyDefinitions: route({
    method: 'POST',
    path: '/definitions',
    tag: 'sources',
    summary:
      'Store the sources of a YAML text (`sources:`, as in sluice.yaml), all or none, and let the tables follow; with `dryRun`, say what that would change.',
    permission: 'administer',
    params: none,
    query: none,
    body: json(
      z.strictObject({
        text: z.string().describe('YAML.'),
        file: z.string().default('definition').describe('As findings name it.'),
        dryRun: z.boolean().optional(),
        allowLoss: z.boolean().optional().describe('Also if the source would lose stored rows.'),
      }),
    ),
    reply: json(appliedDefinitionsSchema),
  }),
  definition: route({
    method: 'GET',
    path: '/definitions/:source',
    tag: 'sources',
    summary: 'The whole definition of a source, with what was left out filled in.',
    permission: 'read',
    params: source,
    query: none,
    body: noBody,
    reply: json(describedSourceSchema),
  }),
  definitionHistory: route({
    method: 'GET',
    path: '/definitions/:source/history',
    tag: 'sources',
    summary: 'The changes of the stored definition of a source, with who made them, newest first.',
    permission: 'read',
    params: source,
    query: none,
    body: noBody,
    reply: json(z.object({ changes: z.array(sourceChangeSchema) })),
  }),
  holdings: route({
    method: 'GET',
    path: '/definitions/:source/holdings',
    tag: 'sources',
    summary: 'What depends on a source: to be read before it is deleted.',
    permission: 'read',
    params: source,
    query: none,
    body: noBody,
    reply: json(sourceHoldingsSchema),
  }),
  deleteSource: route({
    method: 'POST',
    path: '/definitions/:source/delete',
    tag: 'sources',
    summary:
      'Delete a stored source, or one that is no longer in the files, by a run; `resources` says what happens to its resources; without it the request is refused.',
    permission: 'administer',
    params: source,
    query: none,
    body: json(
      z.strictObject({
        resources: z.enum(resourceFates).optional(),
        force: z.boolean().optional().describe('Past the thresholds.'),
        dryRun: z.boolean().optional(),
      }),
    ),
    reply: json(
      z.object({
        /** `null`: only a stored definition went, of a source that a file defines. */
        report: runReportSchema.nullable(),
        changes: z.array(changeSchema),
        rejected: z.array(rejectedRowSchema),
      }),
    ),
  }),
  suspendSource: route({
    method: 'POST',
    path: '/definitions/:source/suspend',
    tag: 'sources',
    summary:
      'Suspend a source: no run of it starts until `until`, or until it is resumed; deliveries wait. Its resources and locks stay as they are.',
    permission: 'decide',
    params: source,
    query: none,
    body: json(
      z.strictObject({
        reason: z.string().max(10_000).optional(),
        until: z.iso.datetime({ offset: true }).optional().describe('When it ends by itself.'),
      }),
    ),
    reply: json(suspensionSchema),
  }),
  resumeSource: route({
    method: 'POST',
    path: '/definitions/:source/resume',
    tag: 'sources',
    summary: 'Let a suspended source run again; what has come meanwhile is taken at once.',
    permission: 'decide',
    params: source,
    query: none,
    body: json(z.strictObject({})),
    reply: json(z.object({ resumed: z.boolean().describe('`false`: it was not suspended.') })),
  }),
  renameSource: route({
    method: 'POST',
    path: '/definitions/:source/rename',
    tag: 'sources',
    summary: 'Give a stored source another name; all that it has stays as it is.',
    permission: 'administer',
    params: source,
    query: none,
    body: json(z.strictObject({ to: z.string() })),
    reply: json(z.object({ source: z.string() })),
  }),
} as const
