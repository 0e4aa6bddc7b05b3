/**
 * What a server is asked about rows that several resources match: to show them, to take decisions, to take them back.
 *
 * @module
 */
import {
  matchedRowsSchema,
  matchRecordSchema,
  matchStates,
  newDecisionsSchema,
  runReportSchema,
  shownMatchSchema,
  testedRowSchema,
  testedRowsSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, lines, noBody, none, route } from './route.ts'
import { cursor, listed, mostNamed } from './words.ts'

const decided = json(z.object({ matches: z.array(matchRecordSchema), reports: z.array(runReportSchema) }))
const comment = z.string().optional().describe('A comment of the person who decides.')

const matching = {
  source: z.string().optional(),
  state: z
    .union([z.enum(matchStates), z.array(z.enum(matchStates)).max(mostNamed)])
    .optional()
    .describe('Only those in this state; may be repeated.'),
}

export const matchRoutes = {
  matches: route({
    method: 'GET',
    path: '/matches',
    tag: 'matches',
    summary:
      'Rows that several resources match, and what was decided of them, in the order in which they came to be doubtful. A page ends with `limit`, and the next continues after the `cursor` of its last line.',
    permission: 'read',
    params: none,
    query: z.strictObject({
      ...matching,
      limit: z.coerce.number().int().positive().optional(),
      cursor,
    }),
    body: noBody,
    reply: lines(matchRecordSchema.extend(listed)),
  }),
  matchCounts: route({
    method: 'GET',
    path: '/match-counts',
    tag: 'matches',
    summary: 'How many rows several resources match, by source and state.',
    permission: 'read',
    params: none,
    query: z.strictObject(matching),
    body: noBody,
    reply: json(
      z.object({
        counts: z.array(z.object({ source: z.string(), state: z.enum(matchStates), count: z.number() })),
      }),
    ),
  }),
  match: route({
    method: 'GET',
    path: '/matches/:source/:entityType/:key',
    tag: 'matches',
    summary: 'One of them with the row and the resources that it may be of side by side.',
    permission: 'read',
    params: z.strictObject({ source: z.string(), entityType: z.string(), key: z.string() }),
    query: none,
    body: noBody,
    reply: json(shownMatchSchema),
  }),
  decideMatches: route({
    method: 'POST',
    path: '/matches/decide',
    tag: 'matches',
    summary:
      'Decide to which resources rows belong, all of it or nothing. It is carried out at once where nobody works on the source, else by its next run.',
    permission: 'edit',
    params: none,
    query: none,
    body: json(z.strictObject({ decisions: newDecisionsSchema, comment })),
    reply: decided,
  }),
  undoMatches: route({
    method: 'POST',
    path: '/matches/undo',
    tag: 'matches',
    summary:
      'Take decisions back, all or none: a row that has its resource by one leaves it, and waits again.',
    permission: 'edit',
    params: none,
    query: none,
    body: json(z.strictObject({ rows: matchedRowsSchema, comment })),
    reply: decided,
  }),
  testRows: route({
    method: 'POST',
    path: '/sources/:source/reconcile/test',
    tag: 'sources',
    summary:
      'What rows would find: by which rule, on which values, and why not by the others. Each by itself, against what is stored; nothing is written.',
    permission: 'read',
    params: z.strictObject({ source: z.string() }),
    query: none,
    body: json(z.strictObject({ type: z.string().optional(), rows: testedRowsSchema })),
    reply: json(z.object({ rows: z.array(testedRowSchema) })),
  }),
} as const
