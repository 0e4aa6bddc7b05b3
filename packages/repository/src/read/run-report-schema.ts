/**
 * The shape of a stored run report, checked when it is read.
 *
 * @module
 */
import { type RunReport, runStates, stages } from '@sluice/model'
import { z } from 'zod'

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

const common = {
  mapping: z.string(),
  source: z.string(),
  changes: changeCounts,
  stored: count,
  withheld: count,
}

export const runReportSchema = z.object({
  run: z.number().nullable(),
  delivery: z.string(),
  source: z.string(),
  mode: z.enum(['initial', 'complete', 'incremental']),
  state: z.enum(runStates),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  entities: z.array(z.object({ ...common, rows: entityRows.nullable(), orphanReferences: count })),
  associations: z.array(
    z.object({ ...common, rows: entityRows.extend({ noLink: count, orphan: count }).nullable() }),
  ),
  exceeded: z.array(
    z.object({
      level: z.string(),
      threshold: z.enum(['inserted', 'updated', 'deleted', 'rejected', 'linksInserted', 'linksDeleted']),
      by: z.enum(['count', 'percent']),
      limit: z.number(),
      found: count,
      total: count,
    }),
  ),
  stages: z.array(z.object({ stage: z.enum(stages), milliseconds: z.number() })),
  notes: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string().optional() }).nullable(),
}) satisfies z.ZodType<RunReport>
