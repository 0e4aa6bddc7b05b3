/**
 * What resources are called: their display values, and their keys in sources. One statement for each of the two, however many there are.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import { scopeOf } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { entityTable, isA, replicaTable } from '../layout/layout.ts'
import { displayIn } from '../read/property-reader.ts'
import { unionAll } from '../sql/fragments.ts'
import { type SQL, sql, statement, Table } from '../sql/statement.ts'
import type { GraphResource } from './graph-types.ts'
import { grouped } from './grouped.ts'
import type { Reach } from './walk.ts'

/** In the order in which they are given. */
export async function describeResources(
  session: Session,
  model: StoredModel,
  reached: readonly Reach[],
): Promise<readonly GraphResource[]> {
  const byType = grouped(reached, ({ entityType }) => entityType)
  const displays = await read<{ id: string; display: string | null }>(
    session,
    'graph/displays',
    displayQueries(model, byType),
  )
  const keys = await read<{ id: string; source: string; key: string }>(
    session,
    'graph/keys',
    keyQueries(model, byType),
  )
  const displayOf = new Map(displays.map(({ id, display }) => [id, display]))
  const keysOf = grouped(keys, ({ id }) => id)
  return reached.map(({ resourceId, entityType, depth }) => ({
    resourceId,
    entityType,
    display: displayOf.get(resourceId) ?? null,
    replicas: (keysOf.get(resourceId) ?? []).map(({ source, key }) => ({ source, key })),
    depth,
  }))
}

async function read<R extends object>(
  session: Session,
  name: string,
  queries: readonly SQL[],
): Promise<readonly R[]> {
  if (queries.length === 0) return []
  return (await run(session, statement<R>(name, unionAll(queries)))).rows
}

type ByType = ReadonlyMap<string, readonly Reach[]>

function displayQueries(model: StoredModel, byType: ByType): readonly SQL[] {
  return [...byType].flatMap(([name, those]) => {
    const display = displayIn(model, model.entityTypes.get(name))
    if (display === undefined) return []
    return [
      sql`select o.resource_id as id, ${display.text(sql`o`)} as display
        from ${new Table(entityTable(name))} o where o.resource_id = any(${idsOf(those)})`,
    ]
  })
}

/** In the order of sources and keys. */
function keyQueries(model: StoredModel, byType: ByType): readonly SQL[] {
  return [...model.sources.values()].flatMap((source) =>
    source.entities.flatMap((mapping) => {
      const those = [...byType].flatMap(([name, found]) =>
        scopeOf(mapping).some((each) => isA(model, name, each)) ? found : [],
      )
      if (those.length === 0) return []
      const replicas = new Table(replicaTable(source.name, mapping.entityType))
      return [
        sql`(select r.resource_id as id, ${sql.literal(source.name)}::text as source, r.key
          from ${replicas} r where r.resource_id = any(${idsOf(those)}) order by r.key)`,
      ]
    }),
  )
}

function idsOf(those: readonly Reach[]): SQL {
  return sql`${sql.value(those.map(({ resourceId }) => resourceId))}::bigint[]`
}
