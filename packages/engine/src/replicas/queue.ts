/**
 * What a run asks the queue of doubtful matches about the replicas of a mapping.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'
import type { SharedShape } from '../sql/shared-shape.ts'
import type { SharedPart } from './shared-part.ts'

export function hasQueue({ federation }: Pick<SharedShape, 'federation'>): boolean {
  return federation.reconciliation.onMultiple === 'queue'
}

/** Condition on `sluice_match d`: it is about the mapping, and this holds of it. */
export function matchesWhere({ sourceId, shape }: SharedPart, which: SQL): SQL {
  return sql`d.source_id = ${sql.literal(sourceId)} and d.entity_type = ${sql.literal(shape.type.name)} and ${which}`
}

/** Condition on the replica `r`: somebody has decided about it since a run has looked. */
export function isDue(part: SharedPart): SQL {
  return sql`exists (select from sluice_match d where ${matchesWhere(part, sql`d.due`)} and d.key = r.key)`
}

/** Condition on the replica `r`: it leaves its resource, because the decision was taken back by which it had come to it. */
export function isUnlinking(part: SharedPart): SQL {
  return sql`exists (select from sluice_match d where ${matchesWhere(part, sql`d.unlinks`)} and d.key = r.key)`
}
