/**
 * What a repository shows of itself, as it crosses the network.
 *
 * @module
 */
import { runByKinds, runCauses } from '@sluice/model'
import { z } from 'zod'

const values = z.record(z.string(), z.unknown())
const byWhom = z.object({ kind: z.enum(runByKinds), name: z.string() })
const operation = z.enum(['insert', 'update', 'delete'])

const resourceRecordSchema = z.object({
  resourceId: z.string(),
  entityType: z.string(),
  values,
  /** Resource ids of references that point somewhere, by property. */
  references: z.record(z.string(), z.string()),
})

export const listedResourceSchema = resourceRecordSchema.extend({
  cursor: z
    .string()
    .describe('The list goes on behind it: `cursor` of the next request, with the same `sort`.'),
})

export const versionedResourceSchema = resourceRecordSchema.extend({
  version: z.string().describe('Its `ETag`, without the quotes.'),
})

const linkRecordSchema = z.object({
  fromId: z.string(),
  from: z.string(),
  toId: z.string(),
  to: z.string(),
  source: z.string().nullable(),
  properties: values,
})

export const listedLinkSchema = linkRecordSchema.extend({
  cursor: z.string().describe('The list goes on behind it: `cursor` of the next request.'),
})

const historyEntrySchema = z.object({
  run: z.number(),
  at: z.string().nullable(),
  cause: z.enum(runCauses).nullable(),
  by: byWhom.nullable(),
  comment: z.string().nullable(),
  approvedBy: z.string().nullable(),
  source: z.string().nullable(),
  entityType: z.string(),
  operation,
  key: z.string().nullable(),
  before: values.nullable(),
  after: values.nullable(),
})

export const explanationSchema = z.object({
  resourceId: z.string(),
  entityType: z.string(),
  display: z.string().nullable(),
  deleted: z.object({ run: z.number(), at: z.string().nullable() }).nullable(),
  values: z.array(
    z.object({
      property: z.string(),
      value: z.unknown(),
      referenceId: z.string().nullable(),
      orphan: z.string().nullable(),
      source: z.string().nullable(),
      run: z.number(),
      at: z.string().nullable(),
      by: byWhom.nullable(),
    }),
  ),
  replicas: z.array(z.object({ source: z.string(), key: z.string() })),
  links: z.array(
    z.object({
      association: z.string(),
      end: z.enum(['from', 'to']),
      count: z.number(),
      first: z.array(
        z.object({
          resourceId: z.string(),
          display: z.string(),
          source: z.string().nullable(),
          properties: values,
        }),
      ),
    }),
  ),
  history: z.array(historyEntrySchema),
  alsoMatching: z.array(z.string()),
})
