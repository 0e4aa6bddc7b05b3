/**
 * What is there, by listing it: for users who are not shown what was deleted.
 *
 * @module
 */
import { idOf } from './entry-id.ts'
import { readTable } from './read-table.ts'
import type { WantedTable } from './tables.ts'

/** Ids of entries that came or went, as far as they are not known yet. */
export async function listedChanges(
  wanted: WantedTable,
  known: ReadonlySet<string>,
  pageSize: number,
): Promise<ReadonlySet<string>> {
  const changed = new Set(known)
  const entriesOnly = { ...wanted, columns: [] }
  for (const place of wanted.places) {
    for await (const entry of readTable(entriesOnly, { place, attributes: ['objectGUID'], pageSize })) {
      const id = idOf(entry)
      if (id !== undefined && !changed.delete(id)) changed.add(id)
    }
  }
  return changed
}
