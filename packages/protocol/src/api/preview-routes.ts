/**
 * What a server is asked about rows of managed systems, which only agents can read: previews that people want, and what agents answer.
 *
 * @module
 */
import {
  longestProposal,
  mostPreviewRows,
  previewAnswerSchema,
  previewSchema,
  usualPreviewRows,
  uuidSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { sourceParams } from './words.ts'

const asked = z.strictObject({
  agent: z
    .string()
    .optional()
    .describe('Machine or id of the agent; needed where several deliver the source.'),
  rows: z
    .int()
    .min(1)
    .max(mostPreviewRows)
    .default(usualPreviewRows)
    .describe('So many rows of the file, the first ones.'),
})
const previewParams = z.strictObject({ preview: uuidSchema })
const refused = 'Refused where the agent is not there or does not permit it.'
const forgotten =
  'Only who has asked for it is given the answer, once; what is not read within a minute is forgotten.'

export const previewRoutes = {
  askPreview: route({
    method: 'POST',
    path: '/sources/:source/previews',
    tag: 'sources',
    summary: `Have the agent of a source show the first rows of a file, and what its own mapping makes of them. ${refused} ${forgotten}`,
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(
      asked.extend({
        mapping: z
          .string()
          .max(100)
          .optional()
          .describe('Its entity type or association; needed where the source has several mappings.'),
      }),
    ),
    reply: json(previewSchema),
  }),
  proposePreview: route({
    method: 'POST',
    path: '/sources/:source/proposals',
    tag: 'sources',
    summary: `Have the agent of a source show the first rows of a file, and what a mapping would make of them that is proposed here. It may read any column of the files of the source. ${refused} ${forgotten}`,
    permission: 'administer',
    params: sourceParams,
    query: none,
    body: json(
      asked.extend({
        proposal: z
          .string()
          .max(longestProposal)
          .describe(
            'YAML as in sluice.yaml: `sources:` with this source and one entity mapping (file, key, where, properties), and `entityTypes:` where the model has none for it.',
          ),
      }),
    ),
    reply: json(previewSchema),
  }),
  preview: route({
    method: 'GET',
    path: '/previews/:preview',
    tag: 'sources',
    summary: `Get a preview of rows; with \`wait\`, answers when its agent has answered, or after so many seconds. ${forgotten}`,
    permission: 'decide',
    params: previewParams,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(60).optional() }),
    body: noBody,
    reply: json(previewSchema),
  }),
  answerPreview: route({
    method: 'POST',
    path: '/previews/:preview/answer',
    tag: 'sources',
    summary: 'Say, as the agent that was asked, what the rows are, or why none are shown.',
    permission: 'deliver',
    params: previewParams,
    query: none,
    body: json(previewAnswerSchema),
    reply: json(z.object({ taken: z.boolean() })),
  }),
} as const
