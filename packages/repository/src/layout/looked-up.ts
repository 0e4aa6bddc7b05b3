/**
 * A value by which resources are named, as the text in which sources name it.
 *
 * Equal values have equal texts; the model's `spelling.ts` holds the same rule for the texts of sources.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { type SQL, sql } from '../sql/statement.ts'

/** SQL expression (text) of the value that `column`, or another expression of the property's type, has. */
export function lookedUpAs({ type }: Pick<Property, 'type'>, column: SQL): SQL {
  if (type === 'string' || type === 'text' || type === 'enum' || type === 'secret') return column
  // 19.0 is 19.
  return type === 'decimal' ? sql`trim_scale(${column})::text` : sql`${column}::text`
}

/**
 * What an index of the property stands on, so that lookups find it. PostgreSQL takes the text of a date for something that depends on
 * settings; those of dates stand on the column.
 */
export function lookedUpIndex(property: Pick<Property, 'type'>, column: SQL): SQL {
  if (property.type === 'date' || property.type === 'datetime') return column
  const text = lookedUpAs(property, column)
  return text === column ? column : sql`(${text})`
}
