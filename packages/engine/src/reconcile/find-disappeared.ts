/**
 * Finds the replicas that a complete delivery no longer mentions.
 *
 * @module
 */
import type { EntityShape } from '../terms/entity-shape.ts'
import { countOf, replicasOf, type Work } from '../terms/work.ts'
import { createWorkTable, workTable } from '../terms/work-tables.ts'

export interface Disappeared {
  /** key, resource_id */
  readonly table: string
  readonly count: number
  /** Absent, but kept: a row with their key could not be read. */
  readonly withheld: number
}

/**
 * `known` is how many staged rows have a replica, so that the second join over all replicas is paid
 * only when some are missing. `unreadable` is the table of fields of rejected rows, if there are any.
 */
export async function findDisappeared(
  work: Work,
  shape: EntityShape,
  known: number,
  unreadable: string | undefined,
): Promise<Disappeared | undefined> {
  const { session } = work
  const replicas = replicasOf(work.source.name, shape.type.name)
  if ((await countOf(session, replicas)) === known) return undefined
  const table = workTable(work, 'desired', shape.mapping.name)
  const absent = await createWorkTable(
    work,
    table,
    `select r.key, r.resource_id from ${replicas} r
    where not exists (select from ${workTable(work, 'staging', shape.mapping.name)} s where s.${shape.key} = r.key)`,
  )
  let withheld = 0
  if (unreadable !== undefined) {
    const { count } = await session.query(
      `delete from ${table} d using ${unreadable} u where u.mapping = $1 and u.field = d.key`,
      [shape.mapping.name],
    )
    withheld = count
  }
  return { table, count: absent - withheld, withheld }
}
