/**
 * What a server is asked about open tables: to load them, to run them, to show what became of their rows.
 *
 * @module
 */
import {
  changeSchema,
  changesSumSchema,
  rejectedRowSchema,
  replicaStatuses,
  runReportSchema,
  runTermsSchema,
} from '@sluice/model'
import { z } from 'zod'
import { errorDocumentSchema } from './error-document.ts'
import { replicaRecordSchema, sharedTableSchema } from './records.ts'
import { bytesBody, json, lines, noBody, none, route } from './route.ts'
import { flag, instant, mostNamed } from './words.ts'

const source = z.strictObject({ source: z.string() })
const loadResultSchema = z.object({
  source: z.string(),
  entityType: z.string(),
  rows: z.int(),
  inserted: z.int(),
  changed: z.int(),
  identical: z.int(),
  issues: z.int(),
  duplicates: z.int(),
  warnings: z.int(),
  notes: z.array(
    z.object({
      reason: z.enum([
        'invalid_value',
        'malformed_csv',
        'missing_key',
        'unknown_column',
        'missing_key_column',
        'invalid_date',
      ]),
      line: z.int(),
      column: z.string().nullable(),
      key: z.string().nullable(),
      text: z.string(),
    }),
  ),
})

/** What became of a run, or would: `refusal` says why there is none. */
const tableRunSchema = z.object({
  report: runReportSchema.nullable(),
  refusal: errorDocumentSchema.nullable(),
  /** Of a dry run: the first changes of each kind. */
  changes: z.array(changeSchema),
  rejected: z.array(rejectedRowSchema),
  sum: changesSumSchema.optional(),
})

const asked = {
  dryRun: flag.describe('Say what would happen, and keep nothing of it.'),
  force: flag.describe('Apply even what exceeds a threshold.'),
  sample: z.coerce.number().int().positive().max(1000).optional(),
}
const word = z.string().max(100).optional()

export const tableRoutes = {
  loadTable: route({
    method: 'POST',
    path: '/sources/:source/load',
    tag: 'sources',
    summary:
      'Load the rows of a CSV into an open table, and run the source unless `run` is false. A run that the token may not make is refused; what was loaded stays.',
    permission: 'deliver',
    params: source,
    query: z.strictObject({
      type: word.describe('The entity type, where the source fills several.'),
      separator: word.describe('One character, or `tab`; `;` when not given.'),
      qualifier: word.describe('What encloses a cell; `"` when not given.'),
      charset: word.describe('UTF-8 when not given.'),
      dateFormat: word.describe('Such as `d/m/Y H:i:s` or `dd/MM/yyyy`; ISO 8601 when not given.'),
      mode: z
        .enum(['stop', 'continue'])
        .optional()
        .describe('What a bad row does: refuse the load, or be left out.'),
      file: z.string().max(500).optional().describe('Names it in messages.'),
      run: flag,
      ...asked,
    }),
    body: bytesBody,
    reply: json(tableRunSchema.extend({ load: loadResultSchema })),
  }),
  runTable: route({
    method: 'POST',
    path: '/sources/:source/synchronize',
    tag: 'sources',
    summary:
      'Run a source on what stands in its open tables. Administrators, operators and the owner of the source may.',
    permission: 'follow',
    params: source,
    query: none,
    body: json(
      z.strictObject({
        ...asked,
        terms: runTermsSchema.optional(),
        summed: flag.describe('Of a dry run, with the sum of what would change.'),
      }),
    ),
    reply: json(tableRunSchema),
  }),
  sharedTables: route({
    method: 'GET',
    path: '/sources/:source/tables',
    tag: 'sources',
    summary:
      'The tables of what a source asserts, with their columns; those of an open source are yours to fill.',
    permission: 'read',
    params: source,
    query: none,
    body: noBody,
    reply: json(z.object({ tables: z.array(sharedTableSchema) })),
  }),
  replicas: route({
    method: 'GET',
    path: '/sources/:source/replicas',
    tag: 'sources',
    summary: 'The rows of a source that shares its resources, with their status, in the order of their keys.',
    permission: 'read',
    params: source,
    query: z.strictObject({
      type: z.string().optional().describe('Only those of this entity type.'),
      status: z
        .union([z.enum(replicaStatuses), z.array(z.enum(replicaStatuses)).max(mostNamed)])
        .optional()
        .describe('Only those in this status; may be repeated.'),
      errors: flag.describe('Only those with an error or a warning.'),
      notSeenSince: instant.optional().describe('Only those that were last seen before.'),
      limit: z.coerce.number().int().positive().optional(),
      after: z.string().optional().describe('Continues after this key, of one entity type.'),
    }),
    body: noBody,
    reply: lines(replicaRecordSchema),
  }),
} as const
