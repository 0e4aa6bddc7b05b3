/**
 * Finds the replicas that a complete no longer mentions.
 *
 * @module
 */
import { one, run, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { Disappeared } from '../rows/entity-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { replicasOf } from '../sql/tables.ts'

/**
 * `known` is how many staged rows have a replica, so that the second join over all replicas is paid
 * only when some are missing.
 */
export async function findDisappeared(
  part: SourcePart,
  shape: EntityShape,
  staged: Table,
  of: { readonly known: number; readonly unreadable: Table | undefined },
): Promise<Disappeared | undefined> {
  const { session, workTables } = part
  const replicas = replicasOf(part.source.name, shape.type.name)
  if ((await one(session, countReplicas(shape, replicas))).count === of.known) return undefined
  const { table } = await workTables.fill(
    workTables.named('disappeared', shape.mapping.name),
    unmentioned(shape, replicas, staged),
  )
  if (of.unreadable === undefined) return { table, withheld: 0 }
  const { count: withheld } = await run(session, withhold(shape, table, of.unreadable))
  return { table, withheld }
}

function countReplicas({ mapping }: EntityShape, replicas: Table): Statement<{ count: number }> {
  return statement(
    `reconcile/count-replicas ${mapping.name}`,
    sql`select count(*)::int as count from ${replicas}`,
  )
}

function unmentioned(shape: EntityShape, replicas: Table, staged: Table): Statement {
  return statement(
    `reconcile/find-disappeared ${shape.mapping.name}`,
    sql`select r.key, r.resource_id from ${replicas} r
    where not exists (select from ${staged} s where s.${shape.key} = r.key)`,
  )
}

function withhold({ mapping }: EntityShape, disappeared: Table, unreadable: Table): Statement {
  return statement(
    `reconcile/withhold-unreadable ${mapping.name}`,
    sql`delete from ${disappeared} g using ${unreadable} u
    where u.mapping = ${sql.literal(mapping.name)} and u.field = g.key`,
  )
}
