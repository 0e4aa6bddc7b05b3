/**
 * What becomes a file of changes: rows of entries, or rows of links.
 *
 * @module
 */
import type { ChangesOfPage } from './changes.ts'
import type { Place } from './domain.ts'
import type { WantedTable } from './tables.ts'

export interface TableChanges {
  readonly wanted: WantedTable
  /** Ids of the entries that fit, as far as is known by now. */
  readonly known: ReadonlySet<string>
  /** Writes what a page of changes means for the table in these places. */
  apply(changes: ChangesOfPage, places: readonly Place[]): Promise<void>
  /** Writes the rest; what people should know, in sentences. */
  end(): Promise<readonly string[]>
}
