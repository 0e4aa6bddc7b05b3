/**
 * Decides which resource each candidate row belongs to: the one its replica stands for, one that
 * nobody holds but that has the same key, or a new one.
 *
 * @module
 */
import { identifier } from '@sluice/repository'
import type { EntityShape } from '../terms/entity-shape.ts'
import { analyzeTable, tableOf, type Work, workTable } from '../terms/work.ts'
import type { Candidates } from './compare-with-replicas.ts'
import type { Touched } from './find-touched.ts'

/**
 * Creates the table of attached rows: the candidate's columns, `resource_id`, `fresh` (a resource to be
 * made) and `base_xid` (version of the stored resource the comparison is made with; null when fresh).
 */
export async function attachCandidates(
  work: Work,
  shape: EntityShape,
  candidates: Candidates,
  touched: Touched | undefined,
): Promise<string> {
  const attached = workTable(work, 'attached', shape.mapping.name)
  const table = tableOf(shape.type.name)
  const adopts = touched !== undefined && touched.unattachedCount > 0
  const keyValue = shape.values.find(({ property }) => property === shape.mapping.key)
  const keyExpression = keyValue?.value ?? shape.key
  const keyed = `select *, ${keyExpression} as key_value from ${candidates.table}`
  // Two keys may be written differently and mean one value (01, 1): the first row gets the resource.
  const adoption =
    adopts && keyValue !== undefined
      ? `left join (
           select u.resource_id, min(k.row) as row
           from (select min(o.resource_id) as resource_id, o.${identifier(keyValue.column)} as value
             from ${table} o join ${touched.unattached} t on t.resource_id = o.resource_id group by 2) u
           join (${keyed}) k on k.key_value = u.value where k.replica_resource_id is null group by u.resource_id
         ) a on a.row = c.row`
      : 'left join (select null::bigint as resource_id) a on false'
  // A resource that somebody deleted comes back under its id, so that everything that points at it holds.
  await work.session.execute(`create ${work.persistence} table ${attached} as
    select c.*,
      coalesce(c.replica_resource_id, a.resource_id, nextval('sluice_resource_id')) as resource_id,
      o.resource_id is null and a.resource_id is null as fresh
    from (${keyed}) c
    left join ${table} o on o.resource_id = c.replica_resource_id
    ${adoption}`)
  await analyzeTable(work.session, attached, candidates.count, 'row')
  return attached
}
