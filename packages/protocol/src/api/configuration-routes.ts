/**
 * What a server is asked about its configuration: to read it again.
 *
 * @module
 */
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'

export const configurationRoutes = {
  reload: route({
    method: 'POST',
    path: '/configuration/reload',
    tag: 'configuration',
    summary: 'Let this server read its configuration again, and the tables follow its model.',
    permission: 'administer',
    params: none,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        sources: z.array(z.string()),
        changes: z.array(z.string()).describe('What was changed in the tables, a line each.'),
        restart: z
          .array(z.string())
          .default([])
          .describe(
            'Settings that are otherwise now, and hold as they were until the server is started again.',
          ),
      }),
    ),
  }),
} as const
