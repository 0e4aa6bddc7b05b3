/**
 * Which replicas a source does not mention any more: spec of data synchronization, full load interval.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'
import type { SharedPart } from './shared-part.ts'

/**
 * When the row of the replica `r` was last seen: written by a client, or among the rows of a load. A load writes nothing of a row that it
 * finds as it is; of one that it misses, it notes when that had been seen.
 */
export function lastSeen({ sourceId, shape }: SharedPart): SQL {
  const loaded = sql`select x.loaded_at from sluice_load x
    where x.source_id = ${sql.literal(sourceId)} and x.mapping = ${sql.literal(shape.mapping.name)}`
  return sql`coalesce(r.absent_since, greatest(r.last_seen, (${loaded})))`
}

/**
 * Condition: the replica `r` has disappeared. In a run that follows a load, where that missed it; else, and for longer than the full load
 * interval in both, where it was not seen. `longer`: milliseconds on top.
 */
export function isMissing(part: SharedPart, longer = 0): SQL {
  if (part.leaving !== undefined) return sql.true
  const interval = part.shape.federation.fullLoadInterval
  const since = interval + longer
  const old = sql`${lastSeen(part)} < clock_timestamp() - ${sql.literal(since)} * interval '1 millisecond'`
  // Of a delivery, whole or not, it is known what is gone.
  if (part.whole || part.source.table !== true)
    return since === 0 ? sql`r.absent_since is not null` : sql`(r.absent_since is not null and ${old})`
  return interval === 0 ? sql.false : old
}
