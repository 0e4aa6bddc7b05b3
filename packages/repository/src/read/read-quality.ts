/**
 * Reads how well the resources of a type are known: which properties have values, which references have no target, which values go back and
 * forth.
 *
 * @module
 */
import type { EntityType, Property, StoredModel } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { columnOf, family } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { relationOf } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed } from './read-resources.ts'
import type { Quality } from './read-types.ts'

/** A value that goes back and forth has changed so often in this time, and came back to what it had been. */
const flapping = { changes: 3, days: 30 } as const

/** Of the type and of those that extend it. */
export async function readQuality(database: Database, entityType: string): Promise<Quality> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    const type = entityTypeNamed(model, entityType)
    const members = family(model, type.name).map(({ name }) => name)
    const filled = await one(session, countFilled(model, type))
    const { rows: orphans } = await run(session, orphansOf(type.name, members))
    const { rows: restless } = await run(session, flappingOf(type.name, members))
    const of = <Of extends { readonly property: string }>(rows: readonly Of[], name: string) =>
      rows.find(({ property }) => property === name)
    return {
      type: type.name,
      resources: Number(filled['resources']),
      properties: type.properties.map((property, at) => ({
        property: property.name,
        required: property.required,
        filled: Number(filled[`p${at}`]),
        orphans: of(orphans, property.name)?.count ?? 0,
        flapping: of(restless, property.name)?.count ?? 0,
      })),
    }
  })
}

function countFilled(model: StoredModel, type: EntityType): Statement<Row> {
  const counts = type.properties.map((property: Property, at) => {
    const column = sql.identifier(columnOf(property))
    return sql`count(o.${column})::text as ${sql.identifier(`p${at}`)}`
  })
  return statement(
    `read/count-filled ${type.name}`,
    sql`select ${commas([sql`count(*)::text as resources`, ...counts])} from ${relationOf(model, type, true)} o`,
  )
}

interface PropertyCount {
  readonly property: string
  readonly count: number
}

function orphansOf(type: string, members: readonly string[]): Statement<PropertyCount> {
  return statement(
    `read/count-orphans ${type}`,
    sql`select property, count(*)::int as count from sluice_orphan_reference
    where entity_type = any(${sql.value(members)}::text[]) group by property`,
  )
}

/** How many resources have a value that goes back and forth, by property. */
function flappingOf(type: string, members: readonly string[]): Statement<PropertyCount> {
  return statement(
    `read/count-flapping ${type}`,
    sql`with recent as (
      select min(run_id) as run_id from sluice_run
      where started_at > now() - make_interval(days => ${sql.value(flapping.days)}::int)
    ), restless as (
      select h.resource_id, c.key as property from sluice_history h, jsonb_each(h.after) c
      where h.entity_type = any(${sql.value(members)}::text[]) and h.operation = 'update' and h.run_id >= (select run_id from recent)
      group by h.resource_id, c.key
      having count(*) >= ${sql.value(flapping.changes)}::int and count(distinct c.value) < count(*)
    )
    select property, count(*)::int as count from restless group by property`,
  )
}
