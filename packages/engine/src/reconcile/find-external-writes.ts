/**
 * Finds the resources that somebody changed, removed or added behind our back.
 *
 * PostgreSQL marks every row version with the transaction that wrote it. Sluice remembers its own per type, so a
 * scan of the row headers shows which rows an external write has changed: a tenth of the cost of comparing a million
 * rows value by value, and a complete run repairs just those. After a restored dump every row is foreign once; it is
 * compared, found equal and its transaction remembered.
 *
 * @module
 */
import type { Ownership } from '@sluice/model'
import {
  allOf,
  exists,
  one,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { ExternalWrites } from '../rows/entity-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { havePeopleEdited, isMadeByPeople } from '../sql/people.ts'
import { forgetFutureTransactions, isExternal, versionOf } from '../sql/row-version.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'

/**
 * Returns `undefined` when there are none, which costs one scan of row headers and the counts of the
 * replicas. `stored` is the number of rows in the type's table.
 */
export async function findExternalWrites(
  part: SourcePart,
  shape: EntityShape,
  { owners }: Ownership,
  stored: number,
): Promise<ExternalWrites | undefined> {
  const { session, workTables } = part
  await run(session, statement('reconcile/forget-future-transactions', forgetFutureTransactions))
  const external = await workTables.fill(workTables.named('external'), externalRows(part, shape))
  const replicas = owners.map(({ source }) => replicasOf(source.name, shape.type.name))
  const { count: attached } = await one(session, countAll(shape, replicas))
  const found =
    external.count === 0 &&
    (attached === stored || attached + (await countPeoples(part, shape, replicas)) === stored)
      ? undefined
      : await split(part, shape, external.table, replicas)
  await workTables.drop([external.table])
  return found
}

async function split(
  part: SourcePart,
  shape: EntityShape,
  external: Table,
  replicas: readonly Table[],
): Promise<ExternalWrites> {
  const { session, workTables } = part
  const own = replicasOf(part.source.name, shape.type.name)
  const { name } = shape.mapping
  const attached = await workTables.fill(
    workTables.named('external_attached', name),
    attachedRows(shape, own, external),
  )
  const unattached = await workTables.fill(
    workTables.named('external_unattached', name),
    unattachedRows(shape, replicas, external),
  )
  const versions = await workTables.fill(
    workTables.named('external_versions', name),
    versionsOf(shape, external),
  )
  for (const { table } of [attached, unattached]) await run(session, analyze(table))
  return {
    attached: attached.table,
    unattached: unattached.table,
    versions: versions.table,
    attachedCount: attached.count,
    unattachedCount: unattached.count,
  }
}

function externalRows({ sourceId }: SourcePart, { type, mapping }: EntityShape): Statement {
  return statement(
    `reconcile/find-external-writes ${mapping.name}`,
    sql`select o.resource_id, ${versionOf(sql`o`)} as _base_version from ${resourcesOf(type.name)} o
     where ${isExternal(sql`o`, type.name, sourceId)}`,
  )
}

function countAll({ mapping }: EntityShape, tables: readonly Table[]): Statement<{ count: number }> {
  const counts = tables.map((table): SQL => sql`(select count(*) from ${table})`)
  return statement(
    `reconcile/count-attached ${mapping.name}`,
    sql`select (${sql.join(counts, ' + ')})::int as count`,
  )
}

/** Resources that people have created, and that no replica stands for. */
async function countPeoples(
  { session }: SourcePart,
  shape: EntityShape,
  replicas: readonly Table[],
): Promise<number> {
  if (!(await exists(session, havePeopleEdited))) return 0
  return (await one(session, countUnattached(shape, replicas))).count
}

function countUnattached(
  { type, mapping }: EntityShape,
  replicas: readonly Table[],
): Statement<{ count: number }> {
  return statement(
    `reconcile/count-unattached-of-people ${mapping.name}`,
    sql`select count(*)::int as count from ${resourcesOf(type.name)} o
     where ${isMadeByPeople(sql`o`)} and ${isUnattached(replicas, sql`o`)}`,
  )
}

function isUnattached(replicas: readonly Table[], row: SQL): SQL {
  return allOf(
    replicas.map(
      (table) => sql`not exists (select from ${table} r where r.resource_id = ${row}.resource_id)`,
    ),
  )
}

function attachedRows({ type, mapping }: EntityShape, own: Table, external: Table): Statement {
  return statement(
    `reconcile/find-external-writes-of-attached ${mapping.name}`,
    sql`select r.resource_id from ${own} r
    where exists (select from ${external} e where e.resource_id = r.resource_id)
      or not exists (select from ${resourcesOf(type.name)} o where o.resource_id = r.resource_id)`,
  )
}

function versionsOf({ mapping }: EntityShape, external: Table): Statement {
  return statement(
    `reconcile/find-external-versions ${mapping.name}`,
    sql`select distinct e._base_version from ${external} e`,
  )
}

/** What a person has created belongs to no source, and is not one's to sweep away. */
function unattachedRows(
  { type, mapping }: EntityShape,
  replicas: readonly Table[],
  external: Table,
): Statement {
  const peoples = sql`select from ${resourcesOf(type.name)} o
      where o.resource_id = e.resource_id and ${isMadeByPeople(sql`o`)}`
  return statement(
    `reconcile/find-unattached ${mapping.name}`,
    sql`select e.resource_id from ${external} e
    where ${isUnattached(replicas, sql`e`)} and not exists (${peoples})`,
  )
}
