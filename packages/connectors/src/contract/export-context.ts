/**
 * What a connector is given to export: which tables, from where on, and where its rows go.
 *
 * @module
 */
import type { DeliveryMode, FileFormat, MappedTable } from '@sluice/model'
import type { ConnectorContext } from './connector.ts'

export interface WantedFile extends Pick<MappedTable, 'file' | 'columns' | 'mappings'> {
  readonly format?: FileFormat | undefined
}

export interface ExportContext extends ConnectorContext {
  /** `incremental`: only changes are asked for, and the cookies say since when. */
  readonly mode: DeliveryMode
  /**
   * Every file that is mapped, each with the columns that are needed of it; others may be left out. `format` is how the mapping reads it, for
   * what is passed on.
   */
  readonly wanted: readonly WantedFile[]
  /**
   * Begins a file with its header. A column `command`, the first one, says that the file holds changes. Every wanted file has to be
   * begun, even one without rows.
   */
  table(file: string, columns: readonly string[]): Promise<TableWriter>
  /**
   * Takes a source file as the system wrote it: CSV, in the format that its mapping says. A file within a folder that has the name of a
   * wanted one is a part of that: `people.csv/1.csv`.
   */
  passOn(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** What an earlier export wanted to remember; `undefined` when there was none, or everything is asked for. */
  readCookie(name: string): Promise<string | undefined>
  /**
   * Forgets all that was written, cookies included: the system cannot say what has changed any more, so everything is exported. From now on
   * there are no cookies to read.
   */
  startOver(): Promise<void>
  /** Remembers a text for the next export. It counts when what came with it is on its way, and not before. */
  writeCookie(name: string, text: string): Promise<void>
}

/** Takes the rows of one file. */
export interface TableWriter {
  /**
   * Writes one row, as many cells as the header has. Where the disk cannot follow it returns a promise; await it before the next row, or
   * rows pile up in memory. `undefined` is no value.
   */
  write(cells: readonly (string | undefined)[]): Promise<void> | undefined
  /**
   * Takes rows that the system writes as CSV in UTF-8 by itself, separated by commas and ended by line feeds. `rows` is asked at the end how
   * many there were.
   */
  copy(csv: AsyncIterable<Uint8Array>, rows: () => number): Promise<void>
}
