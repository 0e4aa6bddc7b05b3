/**
 * Reads how well the resources of a type are known: which properties have values, which references have no target, which values go back and
 * forth.
 *
 * @module
 */
import type { EntityType, Property, StoredModel } from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { columnOf, family } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { flappingValues } from './flapping-values.ts'
import { relationOf } from './property-reader.ts'
import { readModel } from './read-model.ts'
import { entityTypeNamed } from './read-resources.ts'
import type { Quality } from './read-types.ts'

/** Of the type and of those that extend it. */
export async function readQuality(database: Database, entityType: string): Promise<Quality> {
  return await database.session(async (session) => {
    const model = await readModel(session)
    return await qualityOf(session, model, entityTypeNamed(model, entityType))
  })
}

export async function qualityOf(session: Session, model: StoredModel, type: EntityType): Promise<Quality> {
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
    sql`select property, count(*)::int as count from (${flappingValues(members)}) f group by property`,
  )
}
