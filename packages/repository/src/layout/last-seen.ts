/**
 * When a row of a source was last seen.
 *
 * @module
 */
import { type SQL, sql } from '../sql/statement.ts'

interface SeenBy {
  readonly sourceId: number
  readonly entityType: string
}

/** SQL (timestamptz; null: there was none): when the last load of all rows was. */
function lastLoad({ sourceId, entityType }: SeenBy): SQL {
  return sql`(select x.loaded_at from sluice_load x
    where x.source_id = ${sql.literal(sourceId)} and x.mapping = ${sql.literal(entityType)})`
}

/** SQL (timestamptz) of the replica `r`: when its row was last written, or loaded. */
export function lastSeen(of: SeenBy): SQL {
  return sql`coalesce(r.absent_since, greatest(r.last_seen, ${lastLoad(of)}))`
}

/**
 * Condition on the replica `r`: its row was not seen at this time (UTC) or later. Columns stand by themselves, and the load is looked up once: where
 * it was later, only what is absent is left.
 */
export function isNotSeenSince(of: SeenBy, since: string): SQL {
  const time = sql`${sql.value(since)}::timestamptz`
  return sql`(r.absent_since < ${time} or r.absent_since is null and r.last_seen < ${time} and coalesce(${lastLoad(of)} < ${time}, true))`
}
