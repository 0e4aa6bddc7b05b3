/**
 * A property that becomes a secret was read and kept in the clear before: what is kept of that beside the resources goes.
 *
 * Histories say from then on that there was a value, as they do of any secret.
 *
 * @module
 */
import { type SecretProperty, shownSecret, snakeCase } from '@sluice/model'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'

/** Before the column of the resources, which goes with its values. */
export function forgetClearTexts(entityType: string, { name }: SecretProperty): readonly Statement[] {
  const about = `${entityType}.${name}`
  const type = sql.literal(entityType)
  const property = sql.literal(name)
  const staged = sql.literal(snakeCase(name))
  return [
    statement(
      `evolve/forget-in-history ${about}`,
      sql`update sluice_history set ${commas(['before', 'after'].map((side) => shownIn(sql.identifier(side), property)))}
      where entity_type = ${type} and (before ->> ${property} is not null or after ->> ${property} is not null)`,
    ),
    statement(
      `evolve/forget-in-replica-history ${about}`,
      sql`update sluice_replica_history set asserted = asserted - ${staged} where entity_type = ${type} and asserted ? ${staged}`,
    ),
    statement(
      `evolve/forget-merged-names ${about}`,
      sql`delete from sluice_merged_name where entity_type = ${type} and property = ${property}`,
    ),
    statement(
      `evolve/forget-orders ${about}`,
      sql`delete from sluice_order where entity_type = ${type} and property = ${property}`,
    ),
    // The mapping of a type is named as the type is. What could not be read may hold any of its values.
    statement(
      `evolve/forget-rejected ${about}`,
      sql`update sluice_rejected_row set value = null, row = row - ${staged} where mapping = ${type}`,
    ),
  ]
}

function shownIn(side: SQL, property: SQL): SQL {
  const shown = sql`jsonb_build_object(${property}, ${sql.literal(shownSecret)}::text)`
  return sql`${side} = case when ${side} ->> ${property} is not null then ${side} || ${shown} else ${side} end`
}
