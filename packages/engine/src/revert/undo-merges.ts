/**
 * Runs that have merged resources, taken back: what was one is several again, and each row of a source stands for the one that it stood for.
 *
 * The rest is told by the histories, as of every run.
 *
 * @module
 */
import { exists, type Session, type SQL, sql, statement } from '@sluice/repository'

/** Whether the run has merged resources, and nobody has taken that back. */
export async function hasMerged(session: Session, runId: number): Promise<boolean> {
  const merged = sql`select from sluice_merge where run_id = ${sql.literal(runId)} and undone_by is null`
  return await exists(session, statement('revert/has-merged', merged))
}

/** Whether the run has taken merges back: what it has undone is done by merging again. */
export async function hasUnmerged(session: Session, runId: number): Promise<boolean> {
  const undone = sql`select from sluice_merge where undone_by = ${sql.literal(runId)}`
  return await exists(session, statement('revert/has-unmerged', undone))
}

/** Relation `g` (key, resource_id, kept_id): the source's replicas that the run has moved, and where from and to. */
export function movedByMerge(of: {
  readonly runId: number
  readonly id: number
  readonly entityType: string
}): SQL {
  return sql`(select x.key, x.resource_id, m.kept_id from sluice_merged_replica x
      join sluice_merge m on m.run_id = x.run_id and m.merged_id = x.resource_id and m.undone_by is null
      where x.run_id = ${sql.literal(of.runId)} and x.source_id = ${sql.literal(of.id)} and x.entity_type = ${sql.literal(of.entityType)}) g`
}
