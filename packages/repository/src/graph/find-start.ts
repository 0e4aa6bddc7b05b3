/**
 * The resource at which a walk begins.
 *
 * @module
 */
import type { StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { findResources, findResourcesBy } from '../read/find-resources.ts'
import { relationOf } from '../read/property-reader.ts'
import { entityTypeNamed } from '../read/read-resources.ts'
import { sql, statement } from '../sql/statement.ts'

export interface Asked {
  readonly entityType: string
  readonly key: string
  readonly by: string | undefined
}

export interface Start {
  readonly resourceId: string
  readonly entityType: string
  readonly alsoMatching: readonly string[]
}

/** `undefined`: there is none. Throws `UnknownNameError` for a type or property that is not there. */
export async function findStart(
  session: Session,
  model: StoredModel,
  { entityType, key, by }: Asked,
): Promise<Start | undefined> {
  const type = entityTypeNamed(model, entityType)
  const [resourceId, ...alsoMatching] =
    by === undefined
      ? await findResources(session, model, type, key)
      : await findResourcesBy(session, model, type, { by, value: key })
  if (resourceId === undefined) return undefined
  const typeOfIt = statement<{ entity_type: string }>(
    `graph/find-type ${type.name}`,
    sql`select o.entity_type from ${relationOf(model, type)} o where o.resource_id = ${sql.value(resourceId)}::bigint`,
  )
  const exact = (await run(session, typeOfIt)).rows[0]?.entity_type
  return exact === undefined ? undefined : { resourceId, entityType: exact, alsoMatching }
}
