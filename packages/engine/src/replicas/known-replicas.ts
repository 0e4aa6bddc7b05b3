/**
 * What there is of replicas when a run begins to work on them: counted once, since each look at a million of them costs.
 *
 * @module
 */
import { one, type Statement, sql, statement } from '@sluice/repository'
import { isMissing } from './last-seen.ts'
import type { SharedPart } from './shared-part.ts'

export interface KnownReplicas {
  readonly total: number
  /** No load has missed them; and one has. */
  readonly present: number
  readonly absent: number
  /** They have not disappeared. */
  readonly seen: number
  readonly synchronized: number
  /** A run has something to do with them. */
  readonly open: number
  /** They have a resource, and are not obsolete. */
  readonly attached: number
}

/** Condition: a run has something to do with the replica `r` as long as it is seen. */
export const isOpen = sql`(r.status in ('new', 'modified') or (r.status = 'synchronized' and r.warnings is not null))`

export async function countReplicas(part: SharedPart): Promise<KnownReplicas> {
  return await one(part.session, countKnown(part))
}

function countKnown(part: SharedPart): Statement<{ [Count in keyof KnownReplicas]: number }> {
  const { shape } = part
  const seen = sql`not ${isMissing(part)}`
  return statement(
    `replicas/count ${shape.mapping.name}`,
    sql`select count(*)::int as total, (count(*) filter (where r.absent_since is null))::int as present, count(r.absent_since)::int as absent,
      (count(*) filter (where ${seen}))::int as seen, (count(*) filter (where ${seen} and r.status = 'synchronized'))::int as synchronized,
      (count(*) filter (where ${seen} and ${isOpen}))::int as open,
      (count(*) filter (where r.resource_id is not null and r.status <> 'obsolete'))::int as attached
    from ${shape.replicas} r`,
  )
}
