/**
 * Reads one resource as it stands, with the version by which somebody who changes it says what was read.
 *
 * @module
 */
import type { EntityType, StoredModel } from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { entityTable, hasFamilyView } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import { relationOf } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed, type ResourceRow, readableOf, recordOf } from './read-resources.ts'
import type { VersionedResource } from './read-types.ts'
import { versionOfResource } from './resource-version.ts'

/** `undefined`: there is no resource of the type, or of one that extends it, with this id. */
export async function readResource(
  database: Database,
  entityType: string,
  resourceId: string,
): Promise<VersionedResource | undefined> {
  if (!/^\d{1,18}$/.test(resourceId)) return undefined
  return await database.session(async (session) => {
    const model = await readModel(session)
    const type = await exactType(session, model, entityTypeNamed(model, entityType), resourceId)
    if (type === undefined) return undefined
    const readers = readableOf(model, type)
    const columns = [
      sql`o.resource_id, o.entity_type, o._version`,
      ...readers.flatMap(({ select }) => select),
    ]
    const relation = sql`(select x.*, ${sql.literal(type.name)}::text as entity_type, ${versionOfResource(sql`x`)} as _version
      from ${new Table(entityTable(type.name))} x where x.resource_id = ${sql.value(resourceId)}::bigint)`
    const read: Statement<ResourceRow & { readonly _version: string }> = statement(
      `read/resource ${type.name}`,
      sql`select ${commas(columns)} from ${relation} o ${sql.join(
        readers.map(({ join }) => join),
        ' ',
      )}`,
    )
    const [row] = (await run(session, read)).rows
    return row === undefined ? undefined : { ...recordOf(readers, row), version: row._version }
  })
}

async function exactType(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<EntityType | undefined> {
  if (!hasFamilyView(model, type)) return type
  const found = statement<{ entity_type: string }>(
    `read/type-of-resource ${type.name}`,
    sql`select o.entity_type from ${relationOf(model, type)} o where o.resource_id = ${sql.value(resourceId)}::bigint`,
  )
  const name = (await run(session, found)).rows[0]?.entity_type
  return name === undefined ? undefined : model.entityTypes.get(name)
}
