/**
 * Reads the rows of a table of a graph as texts, by the names of their columns.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import { openTable } from '../judge/open-table.ts'
import { scannedFile, scanRecords } from '../judge/scan-records.ts'
import { fieldText } from '../read/field-text.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { columnName } from '../read/read-header.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from '../read/record-sink.ts'
import { tableChunks } from '../read/source-table.ts'
import type { DocumentContext } from './document-text.ts'

/** A row, while it is looked at. */
export interface TextRow {
  /** Empty where the table has no such column. */
  text(column: string): string
}

export interface TableRows {
  readonly mapping: string
  readonly parts: readonly SourceFile[]
  readonly format: FileFormat
  /** Columns that it has to have. */
  readonly wanted: readonly string[]
}

export interface RowTaker {
  /** Called with the header before the first row. */
  begin(columns: readonly string[]): void
  /** Why the row cannot be taken, where it cannot. */
  row(row: TextRow): RowTrouble | undefined
  reject(row: BadRow): void
  drain(): Promise<void>
}

/** Rows that were read, rejected ones included. */
export async function scanTable(
  { mapping, parts, format, wanted }: TableRows,
  taker: RowTaker,
  context: DocumentContext,
): Promise<number> {
  const table = await openTable(parts, format, [{ mapping, wanted }], context)
  const sink = new TextSink(taker)
  for (const [index, file] of table.files.entries()) {
    if (index === 0) taker.begin(file.header.columns)
    sink.begin(file.header.columns)
    const scanned = scannedFile(table, file, context.settings.maximumFieldSize)
    await scanRecords(
      tableChunks(file, context, () => context.progress.rows(sink.read)),
      scanned,
      sink,
      context.mostRows,
    )
  }
  return sink.read
}

class TextSink implements RecordSink, TextRow {
  readonly #taker: RowTaker
  #fields: ReadonlyMap<string, number> = new Map()
  #buffer: Uint8Array = new Uint8Array()
  #parser: RecordParser | undefined
  read = 0

  constructor(taker: RowTaker) {
    this.#taker = taker
  }

  begin(columns: readonly string[]): void {
    this.#fields = new Map(columns.map((column, index) => [column, index]))
  }

  text(column: string): string {
    const field = this.#fields.get(columnName(column))
    return field === undefined || this.#parser === undefined
      ? ''
      : fieldText(this.#buffer, this.#parser, field)
  }

  row(buffer: Uint8Array, parser: RecordParser): RowTrouble | undefined {
    this.#buffer = buffer
    this.#parser = parser
    const trouble = this.#taker.row(this)
    if (trouble === undefined) this.read++
    return trouble
  }

  reject(row: BadRow): void {
    this.read++
    this.#taker.reject(row)
  }

  drain(): Promise<void> {
    return this.#taker.drain()
  }
}
