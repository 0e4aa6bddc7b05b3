/**
 * Writes all entries of a table: everything there is.
 *
 * @module
 */
import type { ExportContext, TableWriter } from '../contract/export-context.ts'
import type { Connection } from './connection.ts'
import type { Entry } from './messages.ts'
import type { DirectoryTable, ReadingOptions } from './options.ts'
import { basesOf, readEntries } from './read-entries.ts'
import { Rows } from './rows.ts'

/** A table with what is wanted of it. */
export interface WantedTable {
  readonly name: string
  readonly file: string
  readonly table: DirectoryTable
  readonly columns: readonly string[]
}

export interface Writing<Options extends ReadingOptions = ReadingOptions> {
  readonly options: Options
  readonly connection: Connection
  readonly context: ExportContext
}

/** Writes them into a file of its own; what people should know, in sentences. */
export async function writeAll(
  { options, connection, context }: Writing,
  { file, table, columns }: WantedTable,
): Promise<readonly string[]> {
  const rows = new Rows(columns, options, table.links)
  const writer = await context.table(file, columns)
  let references = 0
  for (const base of basesOf(options, table)) {
    const { pageSize = 500 } = options
    const request = { base, table, attributes: rows.attributes, pageSize, apart: table.links }
    references += await eachOf(readEntries(connection, request), (entry) => writeRows(writer, rows.of(entry)))
  }
  return [...rows.notes, ...notesOf(file, references)]
}

export function notesOf(file: string, references: number): readonly string[] {
  if (references === 0) return []
  return [`${file}: ${references} references to other servers were not followed.`]
}

/** Does something with each entry; what the reading returns. */
export async function eachOf<T extends Entry, R>(
  entries: AsyncGenerator<T, R>,
  work: (entry: T) => Promise<void> | undefined,
): Promise<R> {
  for (;;) {
    const step = await entries.next()
    if (step.done === true) return step.value
    const wait = work(step.value)
    if (wait !== undefined) await wait
  }
}

/** `undefined`: they are written, and there is nothing to wait for. */
export function writeRows(
  writer: TableWriter,
  rows: readonly (readonly (string | undefined)[])[],
): Promise<void> | undefined {
  let wait: Promise<void> | undefined
  for (const row of rows) {
    const next = writer.write(row)
    if (next !== undefined) wait = wait === undefined ? next : Promise.all([wait, next]).then(() => {})
  }
  return wait
}
