/**
 * Small fragments that every composed statement needs.
 *
 * @module
 */
import { type SQL, sql } from './statement.ts'

/** `a, b, c`; nothing of an empty list. */
export function commas(items: readonly SQL[]): SQL {
  return items.length === 0 ? sql.blank : sql.join(items, ', ')
}

/** `, a, b, c`: behind what stands in a list already. */
export function more(items: readonly SQL[]): SQL {
  return items.length === 0 ? sql.blank : sql`, ${commas(items)}`
}

/** True where all conditions are. */
export function allOf(conditions: readonly SQL[]): SQL {
  return joined(conditions, ' and ', sql.true)
}

/** True where one of the conditions is. */
export function anyOf(conditions: readonly SQL[]): SQL {
  return joined(conditions, ' or ', sql.false)
}

export function unionAll(queries: readonly SQL[]): SQL {
  return sql.join(queries, ' union all ')
}

/** Column `name` of the row called `alias`. */
export function columnOfRow(alias: SQL, name: string): SQL {
  return sql`${alias}.${sql.identifier(name)}`
}

/** In parentheses, so that it may stand anywhere. */
function joined(conditions: readonly SQL[], by: string, none: SQL): SQL {
  if (conditions.length === 0) return none
  return sql`(${sql.join(
    conditions.map((condition) => sql`(${condition})`),
    by,
  )})`
}
