/**
 * Finds the resources of the source that somebody else has written behind our back since it has compared them: what is locked of them is
 * repaired.
 *
 * @module
 */
import { run, type Statement, sql, statement, type Table, unionAll } from '@sluice/repository'
import { analyzeTable } from '../context/work-tables.ts'
import { forgetFutureTransactions, isExternal, versionOf } from '../sql/row-version.ts'
import { resourcesOf } from '../sql/tables.ts'
import type { SharedPart } from './shared-part.ts'

export interface ExternallyWritten {
  /** resource_id of those that a replica of the source stands for. */
  readonly table: Table
  /** _base_version, each once, of all that were written. */
  readonly versions: Table
}

/** `undefined`: there are none, which costs a scan of row headers; or the run does not say everything, and does not look. */
export async function findExternal(part: SharedPart): Promise<ExternallyWritten | undefined> {
  if (!part.whole) return undefined
  const { session, workTables, shape } = part
  const about = shape.mapping.name
  await run(session, statement('replicas/forget-future-transactions', forgetFutureTransactions))
  const all = await workTables.fill(workTables.named('external', about), externalRows(part))
  if (all.count === 0) {
    await workTables.drop([all.table])
    return undefined
  }
  const own = await workTables.fill(
    workTables.named('external_attached', about),
    attachedRows(part, all.table),
  )
  const versions = await workTables.fill(
    workTables.named('external_versions', about),
    statement(
      `replicas/find-external-versions ${about}`,
      sql`select distinct e._base_version from ${all.table} e`,
    ),
  )
  await analyzeTable(session, own.table, own.count, 'resource_id')
  return { table: own.table, versions: versions.table }
}

function externalRows({ shape, sourceId }: SharedPart): Statement {
  const external = shape.types.map(
    ({ name }) => sql`select o.resource_id, ${versionOf(sql`o`)} as _base_version from ${resourcesOf(name)} o
    where ${isExternal(sql`o`, name, sourceId)}`,
  )
  return statement(`replicas/find-external ${shape.mapping.name}`, unionAll(external))
}

function attachedRows({ shape }: SharedPart, external: Table): Statement {
  return statement(
    `replicas/find-external-attached ${shape.mapping.name}`,
    sql`select distinct r.resource_id from ${shape.replicas} r join ${external} e on e.resource_id = r.resource_id`,
  )
}
