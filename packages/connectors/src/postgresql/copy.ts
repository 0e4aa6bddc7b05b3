/**
 * The statement by which PostgreSQL writes a source file itself.
 *
 * @module
 */
import type { RowsRequest, SqlDatabase } from '../sql/database.ts'
import { noes } from '../sql/write-rows.ts'

type Quoting = Pick<SqlDatabase, 'quote' | 'literal'>

/** `undefined` where a row may be a single value. `cells`: an expression for each column. */
export function copyOf(
  { quote, literal }: Quoting,
  { from, since, deleted }: RowsRequest,
  cells: readonly string[],
): string | undefined {
  const gone = deleted === undefined ? undefined : saysYes({ literal }, quote(deleted))
  const commands = since === undefined ? [] : [commandOf(gone)]
  const list = [...commands, ...cells]
  if (list.length === 1) return undefined
  const older = since === undefined ? [] : [`${quote(since.column)} >= ${literal(since.value)}`]
  const conditions = [...older, ...(since === undefined && gone !== undefined ? [`not (${gone})`] : [])]
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  return `copy (select ${list.join(', ')} from ${from}${where}) to stdout (format csv, encoding 'UTF8')`
}

function commandOf(gone: string | undefined): string {
  return gone === undefined ? `'merge'` : `case when ${gone} then 'delete' else 'merge' end`
}

function saysYes({ literal }: Pick<Quoting, 'literal'>, column: string): string {
  const listed = [...noes].map(literal).join(', ')
  return `coalesce(lower(trim(${column}::text)), '') not in (${listed})`
}
