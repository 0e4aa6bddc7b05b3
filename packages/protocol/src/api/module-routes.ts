/**
 * What a server is asked about the modules of a source that is a graph: to show them, and to try others.
 *
 * @module
 */
import { moduleTextSchema, sourceModulesSchema, triedRootSchema } from '@sluice/model'
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
