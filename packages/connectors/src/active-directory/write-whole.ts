/**
 * Writes everything that the tables hold.
 *
 * @module
 */
import type { ExportContext } from '../contract/export-context.ts'
import { Rows } from '../directory/rows.ts'
import { writeRows } from '../directory/write-entries.ts'
import { idOf } from './entry-id.ts'
import type { ActiveDirectoryOptions } from './options.ts'
import { readTable } from './read-table.ts'
import type { WantedTable } from './tables.ts'

export interface Writing {
  readonly options: ActiveDirectoryOptions
  readonly context: ExportContext
}

/** Writes one table; sentences for people. `seen`: is called with the id of each entry, which is asked for then. */
export async function writeWhole(
  { options, context }: Writing,
  wanted: WantedTable,
  seen?: (id: string) => void,
): Promise<readonly string[]> {
  const { file, table, columns } = wanted
  const rows = new Rows(columns, options, table.links)
  const writer = await context.table(file, columns)
  const attributes = seen === undefined ? wanted.attributes : withId(wanted.attributes)
  for (const place of wanted.places) {
    const entries = readTable(wanted, { place, attributes, pageSize: options.pageSize ?? 1000 })
    for await (const entry of entries) {
      const id = idOf(entry)
      if (id !== undefined) seen?.(id)
      const wait = writeRows(writer, rows.of(entry))
      if (wait !== undefined) await wait
    }
  }
  return rows.notes
}

export function withId(attributes: readonly string[]): readonly string[] {
  return attributes.some((name) => name.toLowerCase() === 'objectguid')
    ? attributes
    : [...attributes, 'objectGUID']
}
