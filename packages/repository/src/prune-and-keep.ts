/**
 * What is done from time to time: what is kept no longer goes, and the figures of the day are kept.
 *
 * @module
 */
import type { PruneReport, Retention } from '@sluice/model'
import type { Database } from './database/database.ts'
import { type PruneOptions, prune as pruneOnly } from './prune/prune.ts'
import { keepQuality } from './read/quality-history.ts'

/** Throws `PruningElsewhereError` while another process prunes, and what the signal was aborted with. */
export async function prune(
  database: Database,
  retention: Retention,
  options: PruneOptions = {},
): Promise<PruneReport> {
  const report = await pruneOnly(database, retention, options)
  if (options.dryRun !== true) await keepQuality(database, options.signal)
  return report
}
