/**
 * Finds the resources that somebody changed, removed or added behind our back.
 *
 * PostgreSQL marks every row version with the transaction that wrote it (`xmin`). Sluice remembers
 * its own transactions per mapping, so a scan of the row headers tells which rows another hand has
 * touched: a tenth of the cost of comparing a million rows value by value, and a complete run repairs
 * just those. After a restored dump every row is foreign once; it is compared, found equal and its
 * transaction remembered.
 *
 * @module
 */
import { literal } from '@sluice/repository'
import type { EntityShape } from '../terms/entity-shape.ts'
import { countOf, mappingsOf, replicasOf, tableOf, type Work } from '../terms/work.ts'
import { createWorkTable, dropWorkTables, singleWorkTable, workTable } from '../terms/work-tables.ts'

export interface Touched {
  /** Table of resource ids to compare value by value: attached, and touched or gone. */
  readonly attached: string
  /** Table of resource ids that no replica of any source stands for. */
  readonly unattached: string
  readonly attachedCount: number
  readonly unattachedCount: number
}

/**
 * Returns `undefined` when nothing was touched, which costs one scan of row headers and the counts of the
 * replicas. `stored` is the number of rows in the type's table.
 */
export async function findTouched(
  work: Work,
  shape: EntityShape,
  stored: number,
): Promise<Touched | undefined> {
  const { session } = work
  const table = tableOf(shape.type.name)
  const foreign = singleWorkTable(work, 'touched')
  // Numbers that are still to come were written by a server this repository has been moved away from.
  await session.execute('delete from sluice_verified where age(xid) < 0')
  const foreignCount = await createWorkTable(
    work,
    foreign,
    `select o.resource_id, o.xmin as xid from ${table} o
    where not exists (
      select from sluice_verified v
      where v.source_id = ${work.sourceId} and v.entity_type = ${literal(shape.type.name)} and v.xid = o.xmin)`,
  )
  const replicas = mappingsOf(work.configuration, shape.type.name).map(({ source }) =>
    replicasOf(source.name, shape.type.name),
  )
  let attachedInAll = 0
  for (const replica of replicas) attachedInAll += await countOf(session, replica)
  if (foreignCount === 0 && attachedInAll === stored) {
    await dropWorkTables(work, [foreign])
    return undefined
  }
  const touched = await split(work, shape, foreign, replicas)
  await dropWorkTables(work, [foreign])
  return touched
}

async function split(
  work: Work,
  shape: EntityShape,
  foreign: string,
  replicas: readonly string[],
): Promise<Touched> {
  const { session } = work
  const own = replicasOf(work.source.name, shape.type.name)
  const attached = workTable(work, 'touched', shape.mapping.name)
  const unattached = workTable(work, 'unattached', shape.mapping.name)
  const attachedCount = await createWorkTable(
    work,
    attached,
    `select r.resource_id from ${own} r
    where exists (select from ${foreign} f where f.resource_id = r.resource_id)
      or not exists (select from ${tableOf(shape.type.name)} o where o.resource_id = r.resource_id)`,
  )
  const held = replicas.map(
    (replica) => `not exists (select from ${replica} r where r.resource_id = f.resource_id)`,
  )
  const unattachedCount = await createWorkTable(
    work,
    unattached,
    `select f.resource_id from ${foreign} f where ${held.join(' and ')}`,
  )
  await session.execute(`analyze ${attached}; analyze ${unattached}`)
  return { attached, unattached, attachedCount, unattachedCount }
}
