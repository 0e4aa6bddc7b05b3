/**
 * Finds the replicas whose resource is gone without them: somebody has deleted it behind our back, with SQL. Nothing of such a row has
 * changed, so that no run would ever look at it again.
 *
 * @module
 */
import { sql, statement, type Table } from '@sluice/repository'
import { analyzeTable } from '../context/work-tables.ts'
import type { SharedPart } from './shared-part.ts'

/**
 * key: of those that are looked at for no other reason. `undefined`: there are none, which costs a join of the keys of both tables; or
 * the run says only what has changed, and does not look.
 */
export async function findVanished(part: SharedPart): Promise<Table | undefined> {
  if (!looks(part)) return undefined
  const { session, workTables, shape } = part
  const { name } = shape.mapping
  const { table, count } = await workTables.fill(
    workTables.named('vanished', name),
    statement(
      `replicas/find-vanished ${name}`,
      sql`select r.key from ${shape.replicas} r where r.status = 'synchronized' and r.warnings is null and r.resource_id is not null
      and not exists (select from ${shape.resources} o where o.resource_id = r.resource_id)`,
    ),
  )
  if (count === 0) {
    await workTables.drop([table])
    return undefined
  }
  await analyzeTable(session, table, count, 'key')
  return table
}

/** Of all that its source asserts: a complete, and each run of an open table. */
function looks({ whole, source, acted, decided, ageing, leaving }: SharedPart): boolean {
  if (acted === true || decided === true || ageing === true || leaving !== undefined) return false
  return whole || source.table === true
}
