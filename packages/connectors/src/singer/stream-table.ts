/**
 * Writes the records of a stream as the rows of a table.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { TableWriter } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { Cells } from '../formats/cells.ts'
import type { SourceRecord } from '../formats/record.ts'

interface StreamTableOptions {
  readonly file: string
  readonly columns: readonly string[]
  readonly separator: string
  readonly links: string | undefined
  /** Its rows are commands. */
  readonly commands: boolean
}

/** What taps and those that use them call the time at which a record was deleted. */
const deletedAt = '_sdc_deleted_at'

export class StreamTable {
  readonly #of: StreamTableOptions
  readonly #writer: TableWriter
  readonly #cells: Cells
  /** The tap has said what its records look like. */
  described = false

  constructor(writer: TableWriter, options: StreamTableOptions) {
    this.#of = options
    this.#writer = writer
    this.#cells = new Cells(options.columns, { separator: options.separator, links: options.links })
  }

  get commands(): boolean {
    return this.#of.commands
  }

  get notes(): readonly string[] {
    return this.#cells.notes
  }

  /** Throws where the stream has not what is wanted of it. */
  describe(stream: string, properties: readonly string[] | undefined): void {
    this.described = true
    if (properties === undefined || properties.length === 0) return
    const isThere = (column: string) =>
      column.startsWith('_sdc_') ||
      properties.some((name) => column === name || column.startsWith(`${name}.`))
    const missing = this.#of.columns.filter((column) => !isThere(column))
    const [first] = missing
    if (first === undefined) return
    throw new ManagedSystemError(
      `${this.#of.file} has no column ${missing.map((name) => `"${name}"`).join(', ')} in the stream ${stream}.`,
      { remedy: suggestion(first, properties) ?? `It has ${properties.join(', ')}.` },
    )
  }

  /** `undefined`: it is written, and there is nothing to wait for. */
  write(record: SourceRecord): Promise<void> | undefined {
    const deleted = record[deletedAt] !== undefined && record[deletedAt] !== null
    if (deleted && !this.commands) return undefined
    let wait: Promise<void> | undefined
    for (const row of this.#cells.rowsOf(record))
      wait = this.#writer.write(this.commands ? [deleted ? 'delete' : 'merge', ...row] : row) ?? wait
    return wait
  }
}
