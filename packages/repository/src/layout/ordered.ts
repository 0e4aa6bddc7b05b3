/**
 * Values as an index in their order holds them.
 *
 * No index of PostgreSQL takes a value of some thousand bytes, and one such row would stop a whole run: so of a text it has the beginning,
 * and of a number what is not beyond all measure. Of two values that differ only further on, none comes before the other.
 *
 * @module
 */
import { canName, type Property } from '@sluice/model'
import { type SQL, sql, writtenOut } from '../sql/statement.ts'

/** Characters of a text; four bytes at most each. */
const orderedLength = 200
/** A number has so many digits before the point, and behind it. */
const orderedDigits = 100

export function isIndexed(property: Property): boolean {
  return canName(property) && property.indexed === true
}

/** SQL expression, in the order of `column`, or another expression of the property's type; what an index of the property stands on, too. */
export function orderedAs(property: Property, column: SQL): SQL {
  switch (property.type) {
    case 'string':
    case 'text':
    case 'enum':
      return sql`left(${column}, ${sql.literal(orderedLength)})`
    case 'decimal': {
      const bound = sql`${writtenOut(`1e${orderedDigits}`)}::numeric`
      const within = sql`case when abs(${column}) < ${bound} then ${column} else sign(${column}) * ${bound} end`
      return sql`round(${within}, ${sql.literal(orderedDigits)})`
    }
    default:
      return column
  }
}

/** Whether a value compares with what `orderedAs` leaves as with the whole; `text` is its spelling. */
export function comparesAsOrdered(property: Property, text: string): boolean {
  if (property.type === 'decimal') return false
  return [...text].length < orderedLength
}
