/**
 * Writes the rows of a table: everything there is, or what has changed.
 *
 * @module
 */
import type { ExportContext } from '../contract/export-context.ts'
import type { RestTable } from './options.ts'
import type { Reading } from './read-pages.ts'
import { TableRows } from './table-rows.ts'

/** A table with what is wanted of it. */
export interface WantedTable {
  readonly name: string
  readonly file: string
  readonly table: RestTable
  readonly columns: readonly string[]
}

export interface Writing extends Reading {
  readonly context: ExportContext
}

type Command = 'merge' | 'delete'
type Cells = readonly (string | undefined)[]

/** A file that is being written: with commands, or with everything. */
export class RowWriter {
  readonly rows: TableRows
  readonly #write: (cells: Cells) => Promise<void> | undefined
  readonly #commands: boolean

  private constructor(rows: TableRows, write: RowWriter['write'], commands: boolean) {
    this.rows = rows
    this.#write = write
    this.#commands = commands
  }

  /** `commands`: the file holds changes. */
  static async begin(
    { manifest, context }: Writing,
    { file, table, columns }: WantedTable,
    commands: boolean,
  ): Promise<RowWriter> {
    const rows = new TableRows(table, columns, manifest.separator ?? '|')
    const writer = await context.table(file, [...(commands ? ['command'] : []), ...columns])
    return new RowWriter(rows, (cells) => writer.write(cells), commands)
  }

  /** Without commands, a row that is deleted is left out. */
  write(cells: Cells, command: Command = 'merge'): Promise<void> | undefined {
    if (this.#commands) return this.#write([command, ...cells])
    return command === 'delete' ? undefined : this.#write(cells)
  }
}

/** Paths of what is needed of each record. */
export function neededPaths({ table, columns }: Pick<WantedTable, 'table' | 'columns'>): readonly string[] {
  const paths = columns.map((name) =>
    Object.hasOwn(table.columns ?? {}, name) ? (table.columns?.[name] ?? name) : name,
  )
  const marks =
    table.changes?.by === 'time' ? [table.changes.changed, table.changes.deleted?.split('=')[0]] : []
  return [...paths, ...marks.filter((path) => path !== undefined)]
}

/** What people should know of a file that was written whole. */
export function notesOf(
  { file, table }: WantedTable,
  { rows }: RowWriter,
  counts: Counts,
): readonly string[] {
  const empty = counts.rows === 0 ? [] : rows.empty
  return [
    ...(empty.length === 0 ? [] : [`${file}: no record has ${empty.join(', ')}.`]),
    ...(counts.gone === 0
      ? []
      : [`${file}: ${counts.gone} of ${table.for ?? ''} were gone when they were asked for.`]),
  ]
}

export interface Counts {
  readonly rows: number
  readonly gone: number
}
