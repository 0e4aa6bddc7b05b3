/**
 * What a server is asked about connections to managed systems, which only agents can reach: checks that people want, and what agents answer.
 *
 * @module
 */
import {
  checkAnswerSchema,
  checkKinds,
  describedConnectorSchema,
  systemCheckSchema,
  uuidSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { sourceParams } from './words.ts'

const checkKind = z.enum(checkKinds).optional()
const checkParams = z.strictObject({ check: uuidSchema })

export const checkRoutes = {
  askCheck: route({
    method: 'POST',
    path: '/sources/:source/checks',
    tag: 'sources',
    summary:
      'Have the agent of a source connect to its managed system, by the definition that the agent has, and say what is visible, or which tables and columns there are; no rows are read. Refused where the agent is not there or takes no checks; who asks twice has asked once.',
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(
      z.strictObject({
        agent: z
          .string()
          .optional()
          .describe('Machine or id of the agent; needed where several deliver the source.'),
        kind: checkKind.describe('`discover`: which tables and columns there are, in place of a check.'),
      }),
    ),
    reply: json(systemCheckSchema),
  }),
  checks: route({
    method: 'GET',
    path: '/sources/:source/checks',
    tag: 'sources',
    summary: 'The last checks of the connection of a source, newest first. They are kept for a week.',
    permission: 'read',
    params: sourceParams,
    query: z.strictObject({
      kind: checkKind.describe('`check` when not given; of `discover` the last one.'),
    }),
    body: noBody,
    reply: json(z.object({ checks: z.array(systemCheckSchema) })),
  }),
  check: route({
    method: 'GET',
    path: '/system-checks/:check',
    tag: 'sources',
    summary:
      'Get the state of a check of a connection; with `wait`, answers when its agent has answered, or after so many seconds.',
    permission: 'read',
    params: checkParams,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(60).optional() }),
    body: noBody,
    reply: json(systemCheckSchema),
  }),
  answerCheck: route({
    method: 'POST',
    path: '/system-checks/:check/answer',
    tag: 'sources',
    summary:
      'Say, as the agent that was asked, what is visible of the managed system, or why it cannot be reached.',
    permission: 'deliver',
    params: checkParams,
    query: none,
    body: json(checkAnswerSchema),
    reply: json(z.object({ taken: z.boolean() })),
  }),
  connector: route({
    method: 'GET',
    path: '/definitions/:source/connector',
    tag: 'sources',
    summary:
      'What connects to the managed system of a source, as its definition here names it: its options as JSON Schema.',
    permission: 'read',
    params: sourceParams,
    query: none,
    body: noBody,
    reply: json(
      z.object({
        connector: describedConnectorSchema
          .nullable()
          .describe('`null`: a program writes the files, or they lie in a folder.'),
      }),
    ),
  }),
} as const
