/**
 * Reads what is to be loaded to its end, and writes its sound rows into a file that COPY takes.
 *
 * All that can be known of a row without the database is known here, before a transaction begins: a client that sends slowly keeps nobody
 * waiting. Memory stays flat, however long the file is.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { FileWriter, TemporaryFolder } from '@sluice/files'
import type { EntityType } from '@sluice/model'
import { type CellCheck, cellCheck, faultOfKey } from './cell-check.ts'
import { decodedText } from './decoded-text.ts'
import { type LoadColumns, loadColumns } from './load-columns.ts'
import {
  BadRowsError,
  LoadHeaderError,
  type LoadIssue,
  type LoadIssueReason,
  NotCsvError,
} from './load-errors.ts'
import type { Dialect } from './load-options.ts'
import { BrokenRecordError, type CsvRecord, RecordReader } from './record-reader.ts'

export interface RowsToCheck {
  readonly source: string
  readonly type: EntityType
  readonly csv: string | AsyncIterable<Uint8Array>
  /** Names it in messages. */
  readonly file: string
  readonly dialect: Dialect
  /** `stop`: a bad row refuses the load; `continue`: it is left out. */
  readonly mode: 'stop' | 'continue'
  /** Characters that a row may have. */
  readonly longestRecord: number
}

/** A cell that was left out, or a row that was. */
export interface LoadNote extends Omit<LoadIssue, 'reason'> {
  readonly reason: LoadIssueReason | 'invalid_date'
}

/** The rows of a load, sound and written to a file, which goes when it is disposed. */
export interface CheckedRows extends AsyncDisposable {
  /** CSV of `_n`, key, values and `_kept` (the columns of which the cell was left out, in braces), without a header. */
  readonly path: string
  /** Columns of values in the open table. */
  readonly columns: readonly string[]
  /** Those of them of which a cell may have been left out. */
  readonly keepable: readonly string[]
  /** Data rows read; bad ones among them; cells that were left out. */
  readonly rows: number
  readonly issues: number
  readonly warnings: number
  /** The first of both, in the order of the file. */
  readonly notes: readonly LoadNote[]
}

/** So many issues and left-out cells are told one by one. */
const mostNotes = 20

export async function checkRows(of: RowsToCheck): Promise<CheckedRows> {
  const folder = new TemporaryFolder('sluice-load-')
  const dispose = () => folder[Symbol.asyncDispose]()
  try {
    const path = join(await folder.path(), 'rows.csv')
    await using file = await FileWriter.create(path)
    const check = new RowCheck(of)
    await check.readAll(file)
    await file.finish()
    return { path, ...check.result(), [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Bytes that are written at a time. */
const pieceSize = 1 << 18

class RowCheck {
  readonly #of: RowsToCheck
  #columns: LoadColumns | undefined
  #checks: readonly CellCheck[] = []
  #rows = 0
  #issues = 0
  #warnings = 0
  readonly #bad: LoadIssue[] = []
  readonly #leftOut: LoadNote[] = []
  /** What is to be written. */
  #lines: string[] = []
  #size = 0

  constructor(of: RowsToCheck) {
    this.#of = of
  }

  async readAll(file: FileWriter): Promise<void> {
    const { csv, dialect, file: name, longestRecord, mode, source } = this.#of
    const reader = new RecordReader(dialect, longestRecord)
    for await (const text of decodedText({ csv, charset: dialect.charset, file: name })) {
      this.#takeAll(reader.take(text))
      if (this.#size >= pieceSize) await this.#write(file)
      // In the mode `stop` the first few say enough.
      if (mode === 'stop' && this.#issues >= mostNotes) throw new BadRowsError(source, name, this.#bad)
    }
    this.#takeAll(reader.end())
    await this.#write(file)
    if (this.#columns === undefined) throw emptyLoad(name)
    if (mode === 'stop' && this.#issues > 0) throw new BadRowsError(source, name, this.#bad)
  }

  result() {
    const values = this.#columns?.values ?? []
    return {
      columns: values.map(({ name }) => name),
      keepable: values
        .filter(({ property: { type } }) => type === 'date' || type === 'datetime')
        .map(({ name }) => name),
      rows: this.#rows,
      issues: this.#issues,
      warnings: this.#warnings,
      notes: [...this.#bad, ...this.#leftOut].sort((one, other) => one.line - other.line),
    }
  }

  #takeAll(records: Iterable<CsvRecord>): void {
    const { type, file, dialect } = this.#of
    try {
      for (const record of records) {
        if (this.#columns === undefined) {
          this.#columns = loadColumns(type, record, file)
          this.#checks = this.#columns.values.map((column) =>
            cellCheck(column, { entityType: type.name, dates: dialect.dates }),
          )
        } else this.#take(record, this.#columns)
      }
    } catch (error) {
      throw error instanceof BrokenRecordError ? notCsv(error, this.#of) : error
    }
  }

  #take({ line, cells }: CsvRecord, columns: LoadColumns): void {
    this.#rows++
    const key = cells[columns.key] ?? ''
    const row = judgedRow(cells, key, columns, this.#checks)
    if ('reason' in row) {
      this.#issues++
      note(this.#bad, { line, key: key === '' ? null : key, ...row })
      return
    }
    for (const { column, text } of row.leftOut)
      note(this.#leftOut, { reason: 'invalid_date', line, column, key, text })
    this.#warnings += row.leftOut.length
    this.#add(`${this.#rows},${row.line}`)
  }

  #add(line: string): void {
    this.#lines.push(line, '\n')
    this.#size += line.length + 1
  }

  async #write(file: FileWriter): Promise<void> {
    await file.write(Buffer.from(this.#lines.join('')))
    this.#lines = []
    this.#size = 0
  }
}

interface SoundRow {
  /** As COPY reads it, behind its number. */
  readonly line: string
  readonly leftOut: readonly { readonly column: string; readonly text: string }[]
}

function judgedRow(
  cells: readonly string[],
  key: string,
  columns: LoadColumns,
  checks: readonly CellCheck[],
): SoundRow | Omit<LoadIssue, 'line' | 'key'> {
  if (cells.length !== columns.count) {
    const text = `it has ${cells.length} cells in place of ${columns.count}`
    return { reason: 'malformed_csv', column: null, text }
  }
  const fault = faultOfKey(key)
  if (fault !== undefined) return { ...fault, column: null }
  const values = [quotedCell(key)]
  const leftOut: { readonly name: string; readonly column: string; readonly text: string }[] = []
  for (const [n, check] of checks.entries()) {
    const column = columns.values[n]
    if (column === undefined) continue
    const cell = check(cells[column.index] ?? '', key)
    if (cell.kind === 'bad') return { reason: 'invalid_value', column: column.header, text: cell.text }
    values.push(cell.kind === 'left-out' || cell.value === null ? '' : quotedCell(cell.value))
    if (cell.kind === 'left-out') leftOut.push({ name: column.name, column: column.header, text: cell.text })
  }
  values.push(leftOut.length === 0 ? '' : `"{${leftOut.map(({ name }) => name).join(',')}}"`)
  return { line: values.join(','), leftOut }
}

function note<T>(notes: T[], one: T): void {
  if (notes.length < mostNotes) notes.push(one)
}

function quotedCell(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`
}

function emptyLoad(file: string): LoadHeaderError {
  return new LoadHeaderError('missing_key_column', `${file} is empty: it has not even a header.`, {
    file,
    line: 1,
    remedy:
      'Check whether the program that writes it has failed. For an empty table, write a header without rows.',
  })
}

const saidOfBroken = {
  'text-after-quote': 'text follows a closing quote',
  'never-closed': 'a quote never closes',
  'too-long': 'it is longer than any row may be; a quote may never close',
} as const

function notCsv({ broken, line }: BrokenRecordError, { file }: RowsToCheck): NotCsvError {
  return new NotCsvError(`The row at line ${line} of ${file} cannot be read: ${saidOfBroken[broken]}.`, {
    file,
    line,
    remedy: 'Double each quote inside a quoted cell, or give the quote character with --qualifier.',
  })
}
