/**
 * Cursors of lists that are in the order of the positions of their rows.
 *
 * @module
 */
import { type SQL, sql } from '../sql/statement.ts'
import { CursorError } from './read-errors.ts'

/** SQL condition: behind the row that had this cursor. */
export function behindCursor(position: SQL, cursor: string): SQL {
  if (!/^\d{1,18}$/.test(cursor)) throw new CursorError('it is not one that a list returned')
  return sql`${position} > ${sql.value(cursor)}::bigint`
}
