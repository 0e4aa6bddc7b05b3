/**
 * What pruning removed, or would remove.
 *
 * @module
 */
import { z } from 'zod'

const count = z.int().nonnegative()

const prunedSchema = z.object({
  /** What went: a kind of retention, or what lies in a folder. */
  kind: z.enum([
    'history',
    'rejectedRows',
    'runs',
    'deliveries',
    'executions',
    'notifications',
    'audit',
    'sessions',
    'files',
  ]),
  /** Rows of the database, or files. */
  removed: count,
  /** What they took, without indexes. The database gives it to what is written next. */
  bytes: count,
})
export type Pruned = Readonly<z.infer<typeof prunedSchema>>

export const pruneReportSchema = z.object({
  /** Nothing was removed. */
  dryRun: z.boolean(),
  /** `false`: there is more to remove. */
  done: z.boolean(),
  /** One entry for each kind, those of which nothing goes too. */
  kinds: z.array(prunedSchema),
  /** Paths, relative to the work folder: of what is removed there, the first hundred. */
  paths: z.array(z.string()),
})
export type PruneReport = Readonly<z.infer<typeof pruneReportSchema>>
