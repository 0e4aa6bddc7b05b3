/**
 * How much a table would hold.
 *
 * @module
 */
import type { Control } from 'ldapts'
import type { Connection } from './connection.ts'
import type { DirectoryTable, ReadingOptions } from './options.ts'
import { readEntries } from './read-entries.ts'

export interface Counted {
  readonly entries: number
  /** Values of the attribute of a table of links. */
  readonly values: number
}

export async function countEntries(
  connection: Connection,
  { pageSize = 500 }: ReadingOptions,
  {
    table,
    bases,
    controls = [],
  }: {
    readonly table: DirectoryTable
    readonly bases: readonly string[]
    readonly controls?: readonly Control[]
  },
): Promise<Counted> {
  let [entries, values] = [0, 0]
  const attributes = [table.links ?? '1.1']
  for (const base of bases) {
    for await (const entry of readEntries(connection, { base, table, attributes, pageSize, controls })) {
      entries++
      values += entry.attributes.get(table.links?.toLowerCase() ?? '')?.length ?? 0
    }
  }
  return { entries, values }
}

/** As `check` shows it. */
export function shownCount({ entries, values }: Counted, { links }: DirectoryTable): string {
  return links === undefined ? `${entries} entries` : `${values} links of ${entries} entries`
}
