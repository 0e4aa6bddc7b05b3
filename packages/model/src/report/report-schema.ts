/**
 * The shapes of reports, changes and rejected rows, checked where they are read: from the repository, or
 * from a server.
 *
 * @module
 */
import { z } from 'zod'
import { orderCountsSchema } from '../order/order.ts'
import {
  type Change,
  type RejectedRow,
  type RunReport,
  runByKinds,
  runCauses,
  runStates,
  stages,
} from './report.ts'
import { holdReasons } from './run-terms.ts'

const count = z.number()

const entityRows = z.object({
  read: count,
  rejected: count,
  nullKey: count,
  duplicate: count,
  inserted: count,
  updated: count,
  unchanged: count,
  deleted: count.default(0),
})

const changeCounts = z.object({ inserted: count, updated: count, deleted: count })

const replicaCounts = z.object({
  total: count,
  seen: count,
  attached: count,
  disappeared: count,
  created: count,
  creationErrors: count,
  matchedUpdated: count,
  matchedUnchanged: count,
  reconciliationErrors: count,
  updated: count,
  unchanged: count,
  updateErrors: count,
  obsoleted: count,
  obsolescenceErrors: count,
  deleted: count,
  deletionErrors: count,
  noAction: count,
  doubtful: count.optional(),
  ignored: count.optional(),
  warnings: count,
})

const mappingDrift = z.object({ mapping: z.string(), changes: changeCounts })

const common = {
  mapping: z.string(),
  source: z.string().nullable(),
  changes: changeCounts,
  stored: count,
  withheld: count,
  stillRejected: count.default(0),
}

export const runReportSchema = z.object({
  run: z.number().nullable(),
  cause: z.enum(runCauses),
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }),
  comment: z.string().nullish(),
  delivery: z.string().nullable(),
  source: z.string().nullable(),
  mode: z.enum(['initial', 'complete', 'incremental']).nullable(),
  state: z.enum(runStates),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  entities: z.array(
    z.object({
      ...common,
      rows: entityRows.nullable(),
      orphanReferences: count,
      replicas: replicaCounts.optional(),
    }),
  ),
  associations: z.array(
    z.object({ ...common, rows: entityRows.extend({ noLink: count, orphan: count }).nullable() }),
  ),
  exceeded: z.array(
    z.object({
      level: z.string(),
      source: z.string().optional(),
      threshold: z.enum([
        'inserted',
        'updated',
        'deleted',
        'rejected',
        'disappeared',
        'everything',
        'linksInserted',
        'linksDeleted',
      ]),
      by: z.enum(['count', 'percent']),
      limit: z.number(),
      found: count,
      total: count,
      since: z.string().optional(),
    }),
  ),
  heldBecause: z.enum(holdReasons).optional(),
  drift: z
    .object({ base: z.string(), entities: z.array(mappingDrift), associations: z.array(mappingDrift) })
    .nullable()
    .default(null),
  orders: orderCountsSchema.optional(),
  reverts: z.number().nullable().optional(),
  reverted: z
    .object({
      skipped: count,
      suspended: z.literal(true).optional(),
      comesAgain: z.array(
        z.object({
          source: z.string(),
          at: z.enum(['run', 'complete']),
          values: count,
          resources: count,
          deletions: count,
          links: count,
        }),
      ),
    })
    .optional(),
  retries: z.number().nullable().optional(),
  revertedBy: z.number().nullable().optional(),
  decision: z
    .object({ by: z.string(), at: z.string(), reason: z.string().nullable() })
    .nullable()
    .default(null),
  replacedBy: z.number().nullable().default(null),
  stages: z.array(z.object({ stage: z.enum(stages), milliseconds: z.number() })),
  notes: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() }).nullable(),
}) satisfies z.ZodType<RunReport>

const operation = z.enum(['insert', 'update', 'delete'])
const values = z.record(z.string(), z.unknown()).nullable()

export const changeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('entity'),
    entityType: z.string(),
    operation,
    resourceId: z.string(),
    key: z.string().nullable(),
    before: values,
    after: values,
    drift: z.boolean(),
  }),
  z.object({
    kind: z.literal('link'),
    association: z.string(),
    operation,
    from: z.string(),
    to: z.string(),
    before: values,
    after: values,
    drift: z.boolean(),
  }),
]) satisfies z.ZodType<Change>

export const rejectedRowSchema = z.object({
  mapping: z.string(),
  file: z.string(),
  line: z.number().nullable(),
  key: z.string().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
}) satisfies z.ZodType<RejectedRow>
