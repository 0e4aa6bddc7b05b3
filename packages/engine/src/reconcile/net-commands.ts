/**
 * Finds what an incremental delivery changes: its commands in order, netted to one outcome per key, against
 * the replicas.
 *
 * What comes out has the form of a complete's comparison (candidates and disappeared replicas), so every
 * later stage is the same for both; and its cost follows the rows of the delta, not the repository.
 *
 * @module
 */
import { literal } from '@sluice/repository'
import { digestExpression } from '../terms/digest.ts'
import type { EntityShape } from '../terms/entity-shape.ts'
import { recordRejected } from '../terms/record-rejected.ts'
import { replicasOf, single, type Work } from '../terms/work.ts'
import { analyzeTable, createWorkTable, workTable } from '../terms/work-tables.ts'
import type { Candidates } from './compare-with-replicas.ts'
import type { Disappeared } from './find-disappeared.ts'

export interface NettedCommands {
  readonly candidates: Candidates
  /** `undefined`: no row asks for a deletion. */
  readonly disappeared: Disappeared | undefined
  /** Rows without a key: nothing can be done with them. */
  readonly nullKey: number
  /** Rows that a later row of the same key overrules. */
  readonly overruled: number
  /** Rows whose outcome is a delete, of a stored resource or of none. */
  readonly deletes: number
  /** Updates of keys that are not stored; they are recorded as rejected. */
  readonly rejected: number
}

/** `staged`: rows of the delta. */
export async function netCommands(work: Work, shape: EntityShape, staged: number): Promise<NettedCommands> {
  const { session } = work
  const staging = workTable(work, 'staging', shape.mapping.name)
  const table = workTable(work, 'candidate', shape.mapping.name)
  await netPerKey(work, shape, staging, table)
  const counts = await countOutcomes(work, table)
  const { rows, keys, changes, unknown, deletes, rejected } = counts
  if (rejected > 0) await rejectUnknownUpdates(work, shape, table)
  const disappeared = deletes === 0 ? undefined : await findDeleted(work, shape, table, counts.deleted)
  if (changes < keys) await session.execute(`delete from ${table} where not (${says})`)
  await analyzeTable(session, table, changes, 'row')
  return {
    candidates: { table, count: changes, unknown },
    disappeared,
    nullKey: staged - rows,
    overruled: rows - keys,
    deletes,
    rejected,
  }
}

/** SQL condition on a netted row: it says something new. */
const says = `outcome = 'upsert' and replica_digest is distinct from digest`

/**
 * The last row of each key in the form of a candidate, with `outcome` upsert, delete or unknown. An update needs
 * something to update: the stored resource, unless a delete came between, or an earlier insert of the same delivery.
 */
async function netPerKey(work: Work, shape: EntityShape, staging: string, netted: string): Promise<void> {
  await createWorkTable(
    work,
    netted,
    `select s.*, ${digestExpression(shape, 's')} as digest,
      r.resource_id as replica_resource_id, r.digest as replica_digest, r.ctid as replica_place, r.resource_id, k.rows,
      case
        when s.command = 'delete' then 'delete'
        when s.command <> 'update' or k.made > k.deleted or (r.key is not null and k.deleted = 0) then 'upsert'
        when r.key is not null then 'delete'
        else 'unknown'
      end as outcome
    from ${staging} s
    join (
      select ${shape.key} as key, count(*) as rows, max(row) as last,
        coalesce(max(row) filter (where command = 'delete'), 0) as deleted,
        coalesce(max(row) filter (where command in ('insert', 'merge')), 0) as made
      from ${staging} where ${shape.key} is not null group by ${shape.key}
    ) k on k.last = s.row
    left join ${replicasOf(work.source.name, shape.type.name)} r on r.key = s.${shape.key}`,
  )
}

interface OutcomeCounts {
  /** Rows that have a key, and the keys they have. */
  readonly rows: number
  readonly keys: number
  /** Upserts that say something new, and those of them whose key has no replica. */
  readonly changes: number
  readonly unknown: number
  /** Outcomes that are a delete, and those of them that find a replica. */
  readonly deletes: number
  readonly deleted: number
  readonly rejected: number
}

async function countOutcomes(work: Work, netted: string): Promise<OutcomeCounts> {
  return await single(
    work.session,
    `select coalesce(sum(rows), 0)::int as rows, count(*)::int as keys,
       (count(*) filter (where ${says}))::int as changes,
       (count(*) filter (where ${says} and replica_resource_id is null))::int as unknown,
       (count(*) filter (where outcome = 'delete'))::int as deletes,
       (count(*) filter (where outcome = 'delete' and replica_resource_id is not null))::int as deleted,
       (count(*) filter (where outcome = 'unknown'))::int as rejected
     from ${netted}`,
  )
}

async function rejectUnknownUpdates(work: Work, shape: EntityShape, netted: string): Promise<void> {
  await recordRejected(
    work,
    `select ${literal(shape.mapping.name)}, ${literal(shape.mapping.file)}, null::bigint, ${shape.key}, 'command', command,
       'an update of a resource that is not stored'
     from ${netted} where outcome = 'unknown'`,
  )
}

async function findDeleted(
  work: Work,
  shape: EntityShape,
  netted: string,
  count: number,
): Promise<Disappeared> {
  const table = workTable(work, 'desired', shape.mapping.name)
  await createWorkTable(
    work,
    table,
    `select ${shape.key} as key, replica_resource_id as resource_id from ${netted}
    where outcome = 'delete' and replica_resource_id is not null`,
  )
  return { table, count, withheld: 0 }
}
