/**
 * How many bytes the row of an entity takes in its table.
 *
 * @module
 */
import { longestInline, movedOut, wideFrom } from '@sluice/model'
import { type ColumnType, commas, type SQL, sql } from '@sluice/repository'

/** A column of the table, and SQL of the staged text it gets and of the value of that. */
interface SizedColumn {
  readonly sqlType: ColumnType
  readonly staged: SQL
  readonly value: SQL
}

/**
 * SQL (bytes), to be evaluated only where all values are legal; `undefined` where no row can be too long. The database
 * adds up itself, gaps between numbers included, with a short text in the place of each that it would move out.
 */
export function rowSize(columns: readonly SizedColumn[]): SQL | undefined {
  return columns.length < wideFrom ? undefined : sql`pg_column_size(row(${commas(columns.map(inRow))}))`
}

function inRow({ sqlType, staged, value }: SizedColumn): SQL {
  if (sqlType !== 'text collate "C"' && sqlType !== 'bytea') return value
  return sql`case when octet_length(${staged}) > ${sql.literal(longestInline)} then ${movedOutText} else ${staged} end`
}

/** With the byte that says its length. */
const movedOutText = sql.literal('x'.repeat(movedOut - 1))
