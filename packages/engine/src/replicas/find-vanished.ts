/**
 * Finds the replicas whose resource is gone without them: somebody has deleted it behind our back, with SQL. Nothing of such a row has
 * changed, so that no run would ever look at it again.
 *
 * @module
 */
import { one, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import { analyzeTable } from '../context/work-tables.ts'
import type { SharedPart } from './shared-part.ts'

export interface Vanished {
  /** key: of those that are looked at for no other reason. `undefined`: there are none. */
  readonly table: Table | undefined
  /** How many resources there were when the run has looked and found none; `undefined`: it has found some, or not looked, because there are as many as there should be. */
  readonly counted: number | undefined
}

const nothing: Vanished = { table: undefined, counted: undefined }

/**
 * To count the resources costs a tenth of looking for each of them; those of several types are not counted together. `external`: somebody has written resources behind our back, and one that
 * was inserted may hide one that was deleted.
 */
export async function findVanished(part: SharedPart, external: boolean): Promise<Vanished> {
  if (!looks(part)) return nothing
  const { session, workTables, shape } = part
  const counts = shape.types.length === 1 ? await one(session, countResources(part)) : undefined
  if (counts !== undefined && counts.stored === counts.known && !external) return nothing
  const counted = counts === undefined ? undefined : Number(counts.stored)
  const { table, count } = await workTables.fill(
    workTables.named('vanished', shape.mapping.name),
    vanishedRows(part),
  )
  if (count === 0) {
    await workTables.drop([table])
    return { table: undefined, counted }
  }
  await analyzeTable(session, table, count, 'key')
  // Some may be missing themselves, and come back: until there are none, each run looks.
  return { table, counted: undefined }
}

/** Of all that its source asserts: a complete, and each run of an open table. */
function looks({ whole, source, acted, decided, ageing, leaving }: SharedPart): boolean {
  if (acted === true || decided === true || ageing === true || leaving !== undefined) return false
  return whole || source.table === true
}

function countResources({
  shape: { type, mapping, resources },
  sourceId,
}: SharedPart): Statement<{ stored: string; known: string | null }> {
  const known: SQL = sql`select c.resources from sluice_resource_count c
    where c.source_id = ${sql.literal(sourceId)} and c.entity_type = ${sql.literal(type.name)}`
  return statement(
    `replicas/count-resources ${mapping.name}`,
    sql`select (select count(*) from ${resources})::text as stored, (${known})::text as known`,
  )
}

function vanishedRows({ shape }: SharedPart): Statement {
  return statement(
    `replicas/find-vanished ${shape.mapping.name}`,
    sql`select r.key from ${shape.replicas} r where r.status = 'synchronized' and r.warnings is null and r.resource_id is not null
    and not exists (select from ${shape.resources} o where o.resource_id = r.resource_id)`,
  )
}
