/**
 * What a server is asked about the modules of a source that is a graph: to show them, and to try others.
 *
 * @module
 */
import {
  appliedDefinitionsSchema,
  moduleTextSchema,
  sourceModulesSchema,
  triedRootSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { sourceParams } from './words.ts'

export const moduleRoutes = {
  modules: route({
    method: 'GET',
    path: '/sources/:source/modules',
    tag: 'sources',
    summary:
      'The modules of a source that is a graph, with the classes that they may make and the kinds that its stored graph is made of.',
    permission: 'read',
    params: sourceParams,
    query: none,
    body: noBody,
    reply: json(sourceModulesSchema),
  }),
  writeModules: route({
    method: 'PUT',
    path: '/sources/:source/modules',
    tag: 'sources',
    summary:
      'Store other modules of a stored source that is a graph, in the place of those that were read; with `dryRun`, say what that would change.',
    permission: 'administer',
    params: sourceParams,
    query: none,
    body: json(
      z.strictObject({
        modules: z.array(moduleTextSchema).min(1).max(1000),
        version: z.string().describe('Of the modules that were read.'),
        dryRun: z.boolean().optional(),
        allowLoss: z.boolean().optional().describe('Also if the source would lose stored rows.'),
      }),
    ),
    reply: json(appliedDefinitionsSchema),
  }),
  tryModules: route({
    method: 'POST',
    path: '/sources/:source/modules/try',
    tag: 'sources',
    summary:
      'What a root of the stored graph would give by these modules, beside what it gives; nothing is written.',
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(
      z.strictObject({
        modules: z.array(moduleTextSchema).min(1).max(1000),
        root: z.string(),
      }),
    ),
    reply: json(triedRootSchema),
  }),
} as const
