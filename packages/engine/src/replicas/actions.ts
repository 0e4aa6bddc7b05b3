/**
 * What people want done with single rows: which they are, as conditions on the replica `r`.
 *
 * @module
 */
import type { ReplicaAction } from '@sluice/model'
import { commas, type SQL, sql } from '@sluice/repository'
import type { SharedPart } from './shared-part.ts'

/** Anything was ever wanted of rows of the source, and is not forgotten. */
export function hasActions({ sources, source }: Pick<SharedPart, 'sources' | 'source'>): boolean {
  return sources.get(source.name)?.acted === true
}

/** A run has to do one of these with it. */
export function isWanted(part: SharedPart, actions: readonly ReplicaAction[]): SQL {
  const among = commas(actions.map((action) => sql.literal(action)))
  return sql`exists (select from sluice_replica_action w where ${isOf(part)} and not w.done and w.action in (${among}))`
}

/** Somebody has unlinked it, and it is as it was then. */
export function isApart(part: SharedPart): SQL {
  return sql`exists (select from sluice_replica_action w where ${isOf(part)} and w.done and w.revision = r.revision)`
}

/** Who has unlinked the row with this key, and why, in a sentence. */
export function whoUnlinked({ sourceId, shape }: SharedPart, key: SQL): SQL {
  return sql`(select w.by_name || ' has unlinked it' || coalesce(': ' || w.reason, '') from sluice_replica_action w
    where w.source_id = ${sql.literal(sourceId)} and w.entity_type = ${sql.literal(shape.type.name)} and w.key = ${key})`
}

function isOf({ sourceId, shape }: SharedPart): SQL {
  return sql`w.source_id = ${sql.literal(sourceId)} and w.entity_type = ${sql.literal(shape.type.name)} and w.key = r.key`
}
