/**
 * The selects that read a table.
 *
 * @module
 */
import type { SqlDatabase } from './database.ts'
import type { SqlTable } from './options.ts'

type Quoting = Pick<SqlDatabase, 'quote' | 'literal'>

/** What stands behind `from`. */
export function fromOf({ quote }: Quoting, name: string, { table, query }: SqlTable): string {
  if (query !== undefined) return `(${query.trim().replace(/;+$/, '')}\n) ${quote('_rows')}`
  return partsOf(table ?? name)
    .map(quote)
    .join('.')
}

/** Of a name with its schema; a part in double quotes may hold a point. */
export function partsOf(name: string): readonly string[] {
  const parts = name.match(/"(?:[^"]|"")+"|[^.]+/g) ?? [name]
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
}

export function selectOf(
  { quote, literal }: Quoting,
  from: string,
  columns: readonly string[],
  since?: { readonly column: string; readonly value: string } | undefined,
): string {
  const list = columns.map(quote).join(', ')
  const where = since === undefined ? '' : ` where ${quote(since.column)} >= ${literal(since.value)}`
  return `select ${list} from ${from}${where}`
}
