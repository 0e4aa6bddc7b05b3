/**
 * Writes rows as they come from a database.
 *
 * @module
 */
import type { TableWriter } from '../contract/export-context.ts'
import type { Cells, RowsRequest, SqlDatabase } from './database.ts'
import { selectOf } from './select.ts'

export async function writeRows(
  database: Pick<SqlDatabase, 'rowsOf' | 'quote' | 'literal'>,
  { from, columns, since, deleted }: RowsRequest,
  writer: TableWriter,
  signal: AbortSignal,
): Promise<void> {
  const asked = deleted === undefined ? columns : [...columns, deleted]
  const line = since === undefined ? present : command
  for await (const rows of database.rowsOf(selectOf(database, from, asked, since)))
    for (const row of rows) {
      signal.throwIfAborted()
      const cells = line(row.slice(0, columns.length), saysYes(row[columns.length]))
      const wait = cells === undefined ? undefined : writer.write(cells)
      if (wait !== undefined) await wait
    }
}

function present(cells: Cells, deleted: boolean): Cells | undefined {
  return deleted ? undefined : cells
}

function command(cells: Cells, deleted: boolean): Cells {
  return [deleted ? 'delete' : 'merge', ...cells]
}

/** What a column holds that says that a row is not deleted; in lower case, and so is nothing at all. */
export const noes: ReadonlySet<string> = new Set(['', '0', 'false', 'f', 'no', 'n'])

function saysYes(value: string | undefined): boolean {
  return value !== undefined && !noes.has(value.trim().toLowerCase())
}
