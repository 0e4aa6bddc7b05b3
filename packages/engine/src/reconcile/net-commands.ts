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
import { countOf, replicasOf, singleWorkTable, type Work, workTable } from '../terms/work.ts'
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

export async function netCommands(work: Work, shape: EntityShape): Promise<NettedCommands> {
  const { session } = work
  const staging = workTable(work, 'staging', shape.mapping.name)
  const { count: nullKey } = await session.query(`delete from ${staging} where ${shape.key} is null`)
  const staged = await countOf(session, staging)
  const netted = await netPerKey(work, shape, staging)
  const overruled = staged - (await countOf(session, netted))
  const rejected = await rejectUnknownUpdates(work, shape, netted)
  const candidates = await upserts(work, shape, netted)
  const goes = await countOf(session, `${netted} where outcome = 'delete'`)
  const disappeared = goes === 0 ? undefined : await deletes(work, shape, netted)
  return { candidates, disappeared, nullKey, overruled, deletes: goes, rejected }
}

/**
 * The last row of each key, with `outcome` upsert, delete or unknown. An update needs something to update:
 * the stored resource, unless a delete came between, or an earlier insert of the same delivery.
 */
async function netPerKey(work: Work, shape: EntityShape, staging: string): Promise<string> {
  const netted = workTable(work, 'desired', `netted_${shape.mapping.name}`)
  await work.session.execute(`create ${work.persistence} table ${netted} as
    select s.*, r.resource_id as replica_resource_id, r.digest as replica_digest,
      case
        when s.command = 'delete' then 'delete'
        when s.command <> 'update' or k.made > k.deleted or (r.key is not null and k.deleted = 0) then 'upsert'
        when r.key is not null then 'delete'
        else 'unknown'
      end as outcome
    from ${staging} s
    join (
      select ${shape.key} as key, max(row) as last,
        coalesce(max(row) filter (where command = 'delete'), 0) as deleted,
        coalesce(max(row) filter (where command in ('insert', 'merge')), 0) as made
      from ${staging} group by ${shape.key}
    ) k on k.last = s.row
    left join ${replicasOf(work.source.name, shape.type.name)} r on r.key = s.${shape.key}`)
  await work.session.execute(`analyze ${netted} (row)`)
  return netted
}

async function rejectUnknownUpdates(work: Work, shape: EntityShape, netted: string): Promise<number> {
  const { count } = await work.session.query(
    `insert into ${singleWorkTable(work, 'rejected')}
     select ${literal(shape.mapping.name)}, ${literal(shape.mapping.file)}, null, ${shape.key}, 'command', command,
       'an update of a resource that is not stored'
     from ${netted} where outcome = 'unknown'`,
  )
  return count
}

async function upserts(work: Work, shape: EntityShape, netted: string): Promise<Candidates> {
  const table = workTable(work, 'candidate', shape.mapping.name)
  const columns = shape.columns.map((_, index) => `n.c${index + 1}`).join(', ')
  const digest = digestExpression(shape, 'n')
  await work.session.execute(`create ${work.persistence} table ${table} as
    select n.row, ${columns}, ${digest} as digest, n.replica_resource_id, n.replica_digest from ${netted} n
    where n.outcome = 'upsert' and n.replica_digest is distinct from ${digest}`)
  const count = await countOf(work.session, table)
  const unknown = await countOf(work.session, `${table} where replica_resource_id is null`)
  return { table, count, unknown }
}

async function deletes(work: Work, shape: EntityShape, netted: string): Promise<Disappeared> {
  const table = workTable(work, 'desired', shape.mapping.name)
  await work.session.execute(`create ${work.persistence} table ${table} as
    select ${shape.key} as key, replica_resource_id as resource_id from ${netted}
    where outcome = 'delete' and replica_resource_id is not null`)
  return { table, count: await countOf(work.session, table), withheld: 0 }
}
