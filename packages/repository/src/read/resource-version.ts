/**
 * The version of a resource, by its content: whoever changes it says which one was read.
 *
 * Of the value and not of the transaction that wrote it, so that it outlives a restored dump and shows what somebody else has written.
 *
 * @module
 */
import { type SQL, sql } from '../sql/statement.ts'

/** SQL (text); `row` is the alias of the table of exactly the resource's type. */
export function versionOfResource(row: SQL): SQL {
  return sql`md5(${row}::text)`
}
