/**
 * Decides which resource each candidate row belongs to: the one its replica stands for, one that
 * nobody holds but that has the same key, or a new one.
 *
 * @module
 */
import { identifier } from '@sluice/repository'
import type { EntityShape } from '../terms/entity-shape.ts'
import { tableOf, type Work } from '../terms/work.ts'
import { analyzeTable, createWorkTable, workTable } from '../terms/work-tables.ts'
import type { Candidates } from './compare-with-replicas.ts'
import type { Touched } from './find-touched.ts'

/**
 * Gives every candidate a `resource_id`, and returns the table of attached rows: the candidates themselves where all
 * have a replica, else a table with the same columns.
 */
export async function attachCandidates(
  work: Work,
  shape: EntityShape,
  candidates: Candidates,
  touched: Touched | undefined,
): Promise<string> {
  // A resource that somebody deleted comes back under its id, so that everything that points at it holds.
  if (candidates.unknown === 0) return candidates.table
  const attached = workTable(work, 'attached', shape.mapping.name)
  const columns = [
    'row',
    ...shape.columns.map((_, index) => `c${index + 1}`),
    'digest',
    'replica_resource_id',
    'replica_digest',
    'replica_place',
  ]
  await createWorkTable(
    work,
    attached,
    `select ${columns.map((column) => `c.${column}`).join(', ')},
      coalesce(c.resource_id, a.resource_id, nextval('sluice_resource_id')) as resource_id
    from ${candidates.table} c ${adoption(shape, candidates, touched)}`,
  )
  await analyzeTable(work.session, attached, candidates.count, 'row')
  return attached
}

/** SQL join: the resource that nobody holds and that answers to the row's key. */
function adoption(shape: EntityShape, candidates: Candidates, touched: Touched | undefined): string {
  const key = shape.values.find(({ property }) => property === shape.mapping.key)
  if (touched === undefined || touched.unattachedCount === 0 || key === undefined) {
    return 'left join (select null::bigint as resource_id) a on false'
  }
  // Two keys may be written differently and mean one value (01, 1): the first row gets the resource.
  return `left join (
      select u.resource_id, min(k.row) as row
      from (select min(o.resource_id) as resource_id, o.${identifier(key.column)} as value
        from ${tableOf(shape.type.name)} o join ${touched.unattached} t on t.resource_id = o.resource_id group by 2) u
      join (select row, ${key.value} as value from ${candidates.table} where replica_resource_id is null) k
        on k.value = u.value
      group by u.resource_id
    ) a on a.row = c.row`
}
