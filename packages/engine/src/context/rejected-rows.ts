/**
 * The rows that a run sets aside, each with the reason, while it is computed.
 *
 * They stay in a work table until all of them are known: where they are those that the run before it has set aside, nothing of them is
 * written again (`rows/keep-rejected-rows.ts`).
 *
 * @module
 */
import { sql, type Table } from '@sluice/repository'
import type { WorkTables } from './work-tables.ts'

export class RejectedRows {
  readonly #workTables: WorkTables
  #made: Promise<Table> | undefined

  constructor(workTables: WorkTables) {
    this.#workTables = workTables
  }

  /** Columns: those of `sluice_rejected_row` without the run. Made when it is asked for first: of most runs there is none. */
  async table(): Promise<Table> {
    this.#made ??= this.#make()
    return await this.#made
  }

  /** `undefined` where no row was ever set aside. */
  async tableIfMade(): Promise<Table | undefined> {
    return await this.#made
  }

  async #make(): Promise<Table> {
    const table = this.#workTables.named('rejected_rows')
    await this.#workTables.create('rows/create-rejected', table, columns)
    return table
  }
}

const columns = sql`mapping text not null, file text not null, line bigint, key text collate "C", column_name text, value text,
  reason text not null, row jsonb, stands boolean not null`
