/**
 * Reads one resource as it stands, with the version by which somebody who changes it says what was read.
 *
 * @module
 */
import { type EntityType, groupBy, type StoredModel } from '@sluice/model'
import { askTogether } from '../database/ask-together.ts'
import type { Database, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { entityTable, hasFamilyView } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { relationOf } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed, type ResourceRow, readableOf, recordOf } from './read-resources.ts'
import type { VersionedResource } from './read-types.ts'
import { versionOfResource } from './resource-version.ts'

/** `undefined`: there is no resource of the type, or of one that extends it, with this id. */
export type ReadResource = (entityType: string, resourceId: string) => Promise<VersionedResource | undefined>

interface Wanted {
  readonly entityType: string
  readonly resourceId: string
}

/** Reads those that are asked for in the same moment together: edits that were applied together are answered together. */
export function resourceReader(database: Database): ReadResource {
  const ask = askTogether((wanted: readonly Wanted[]) => readWanted(database, wanted))
  return async (entityType, resourceId) => {
    if (!/^\d{1,18}$/.test(resourceId)) return undefined
    const answer = await ask({ entityType, resourceId })
    return await answer()
  }
}

/** What was found, or throws: of a name that no type bears, whoever asked for it alone has to hear. */
type Answer = () => VersionedResource | undefined

async function readWanted(database: Database, wanted: readonly Wanted[]): Promise<readonly Answer[]> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const found = new Map<string, ReadonlyMap<string, VersionedResource>>()
    for (const [entityType, of] of groupBy(wanted, (one) => one.entityType)) {
      const type = model.entityTypes.get(entityType)
      if (type === undefined) continue
      const ids = [...new Set(of.map(({ resourceId }) => resourceId))]
      found.set(entityType, await readOfType(session, model, type, ids))
    }
    return wanted.map(({ entityType, resourceId }) => () => {
      entityTypeNamed(model, entityType)
      return found.get(entityType)?.get(BigInt(resourceId).toString())
    })
  })
}

/** By id, of the type and of those that extend it. */
async function readOfType(
  session: Session,
  model: StoredModel,
  type: EntityType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VersionedResource>> {
  if (!hasFamilyView(model, type)) return await readOfExactType(session, model, type, ids)
  const found = statement<{ entity_type: string; ids: readonly string[] }>(
    `read/types-of-resources ${type.name}`,
    sql`select o.entity_type, array_agg(o.resource_id) as ids from ${relationOf(model, type)} o
      where o.resource_id = any(${listed(ids)}) group by o.entity_type`,
  )
  const resources: [string, VersionedResource][] = []
  for (const { entity_type: name, ids } of (await run(session, found)).rows) {
    const exact = model.entityTypes.get(name)
    if (exact !== undefined) resources.push(...(await readOfExactType(session, model, exact, ids)))
  }
  return new Map(resources)
}

async function readOfExactType(
  session: Session,
  model: StoredModel,
  type: EntityType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VersionedResource>> {
  const readers = readableOf(model, type)
  const columns = [sql`o.resource_id, o.entity_type, o._version`, ...readers.flatMap(({ select }) => select)]
  const relation = sql`(select x.*, ${sql.literal(type.name)}::text as entity_type, ${versionOfResource(sql`x`)} as _version
      from ${new Table(entityTable(type.name))} x where x.resource_id = any(${listed(ids)}))`
  const read: Statement<ResourceRow & { readonly _version: string }> = statement(
    `read/resource ${type.name}`,
    sql`select ${commas(columns)} from ${relation} o ${sql.join(
      readers.map(({ join }) => join),
      ' ',
    )}`,
  )
  const { rows } = await run(session, read)
  return new Map(
    rows.map((row) => [row.resource_id, { ...recordOf(readers, row), version: row._version }] as const),
  )
}

function listed(ids: readonly string[]): SQL {
  return sql`${sql.value(`{${ids.join(',')}}`)}::bigint[]`
}
