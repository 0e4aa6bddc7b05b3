/**
 * Rows of changes of a table of entries. What has changed is read anew, so that a row is whole, and what does not fit the filter any more or
 * has left the base is gone.
 *
 * @module
 */
import type { TableWriter } from '../contract/export-context.ts'
import { Rows } from '../directory/rows.ts'
import type { ChangesOfPage } from './changes.ts'
import type { Place } from './domain.ts'
import { idOf, onlyId } from './entry-id.ts'
import { inBatches } from './in-batches.ts'
import { readTable } from './read-table.ts'
import type { TableChanges } from './table-changes.ts'
import type { WantedTable } from './tables.ts'
import { type Writing, withId } from './write-whole.ts'

export class EntityChanges implements TableChanges {
  readonly wanted: WantedTable
  readonly known: Set<string>
  readonly #options: Writing['options']
  readonly #rows: Rows
  readonly #writer: TableWriter
  readonly #gone = new Set<string>()

  private constructor(
    wanted: WantedTable,
    known: Set<string>,
    options: Writing['options'],
    writer: TableWriter,
  ) {
    this.wanted = wanted
    this.known = known
    this.#options = options
    this.#rows = new Rows(wanted.columns, options, undefined)
    this.#writer = writer
  }

  static async begin(
    { options, context }: Writing,
    wanted: WantedTable,
    former: ReadonlySet<string>,
  ): Promise<EntityChanges> {
    const writer = await context.table(wanted.file, ['command', ...wanted.columns])
    return new EntityChanges(wanted, new Set(former), options, writer)
  }

  async apply({ ids }: ChangesOfPage, places: readonly Place[]): Promise<void> {
    const missing = new Set(ids)
    for (const batch of inBatches(ids))
      for (const place of places) for (const id of await this.#writeFitting(batch, place)) missing.delete(id)
    for (const id of missing) if (this.known.delete(id)) this.#gone.add(id)
  }

  /** Ids of those that fit the filter. */
  async #writeFitting(ids: readonly string[], place: Place): Promise<readonly string[]> {
    const fitting: string[] = []
    const attributes = withId(this.wanted.attributes)
    const pageSize = this.#options.pageSize ?? 1000
    for await (const entry of readTable(this.wanted, { place, attributes, pageSize, ids })) {
      const id = idOf(entry) ?? ''
      fitting.push(id)
      this.known.add(id)
      this.#gone.delete(id)
      for (const row of this.#rows.of(entry)) await this.#writer.write(['merge', ...row])
    }
    return fitting
  }

  /** What is gone comes last: an entry that went to another domain is there by then. */
  async end(): Promise<readonly string[]> {
    for (const id of this.#gone)
      for (const row of this.#rows.of(onlyId(id)))
        await this.#writer.write(['delete', ...row.map((cell, at) => this.#keyCell(at, cell))])
    return this.#rows.notes
  }

  #keyCell(at: number, cell: string | undefined): string | undefined {
    return this.wanted.columns[at]?.toLowerCase() === 'objectguid' ? cell : undefined
  }
}
