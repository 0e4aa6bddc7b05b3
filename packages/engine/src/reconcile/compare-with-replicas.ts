/**
 * Finds the staged rows that say something new: those whose digest differs from their replica's, those
 * without a replica, and those whose resource was touched behind our back.
 *
 * One hash join over narrow rows. What comes out is the size of the change, and every later stage
 * works on that alone (principle 2).
 *
 * @module
 */

import { digestExpression } from '../terms/digest.ts'
import type { EntityShape } from '../terms/entity-shape.ts'
import { countOf, replicasOf, type Work } from '../terms/work.ts'
import { analyzeTable, createWorkTable, workTable } from '../terms/work-tables.ts'
import type { Touched } from './find-touched.ts'

export interface Candidates {
  /** row, c1…cn, digest; replica_resource_id, replica_digest, replica_place and resource_id, all of the replica, or null. */
  readonly table: string
  readonly count: number
  /** Candidates without a replica. */
  readonly unknown: number
}

export async function compareWithReplicas(
  work: Work,
  shape: EntityShape,
  touched: Touched | undefined,
): Promise<Candidates> {
  const table = workTable(work, 'candidate', shape.mapping.name)
  const staging = workTable(work, 'staging', shape.mapping.name)
  const digest = digestExpression(shape, 's')
  const alsoTouched =
    touched !== undefined && touched.attachedCount > 0
      ? `or r.resource_id in (select resource_id from ${touched.attached})`
      : ''
  const count = await createWorkTable(
    work,
    table,
    `select s.*, ${digest} as digest,
      r.resource_id as replica_resource_id, r.digest as replica_digest, r.ctid as replica_place, r.resource_id
    from ${staging} s
    left join ${replicasOf(work.source.name, shape.type.name)} r on r.key = s.${shape.key}
    where r.digest is distinct from ${digest} ${alsoTouched}`,
  )
  const unknown = count === 0 ? 0 : await countOf(work.session, `${table} where replica_resource_id is null`)
  await analyzeTable(work.session, table, count, 'row')
  return { table, count, unknown }
}
