/**
 * Records (resources, links, runs) as a table, as CSV or as one JSON array.
 *
 * CSV and JSON are written as they come, so that a repository of any size passes through; a table
 * has to see all its lines first and therefore asks for a limit.
 *
 * @module
 */
import { displayValue } from './display-value.ts'
import type { Outlet } from './outlet.ts'
import { formatTable, type TableColumn } from './table.ts'

export type Shape = 'table' | 'csv' | 'json'

export type Cells = Readonly<Record<string, unknown>>

export interface RecordColumn extends TableColumn {
  /** Name of the cell. */
  readonly name: string
}

/** Records as they are: a cell for each of what they have. */
export async function* whole(records: AsyncIterable<object>): AsyncGenerator<Cells> {
  for await (const record of records) yield { ...record }
}

/** Lists of the command line go on by `--limit`: where a record stands in one is nothing of the record. */
export async function* withoutCursor(records: AsyncIterable<object>): AsyncGenerator<Cells> {
  for await (const record of whole(records)) {
    const { cursor: _, ...cells } = record
    yield cells
  }
}

/** Writes all records and returns their number. */
export async function writeRecords(
  outlet: Outlet,
  shape: Shape,
  columns: readonly RecordColumn[],
  records: AsyncIterable<Cells> | Iterable<Cells>,
): Promise<number> {
  if (shape === 'json') return writeJson(outlet, records)
  if (shape === 'csv') return writeCsv(outlet, columns, records)
  const rows: string[][] = []
  for await (const record of records) rows.push(columns.map(({ name }) => displayValue(record[name])))
  const lines = formatTable(columns, rows, { width: outlet.width, title: outlet.colors.bold })
  await outlet.write(`${lines.join('\n')}\n`)
  return rows.length
}

async function writeJson(outlet: Outlet, records: AsyncIterable<Cells> | Iterable<Cells>): Promise<number> {
  let count = 0
  for await (const record of records) {
    const taken = await outlet.write(`${count === 0 ? '[\n' : ',\n'}${JSON.stringify(record, withoutBytes)}`)
    if (!taken) return count
    count += 1
  }
  await outlet.write(count === 0 ? '[]\n' : '\n]\n')
  return count
}

// A Buffer has become {type, data} before a replacer sees it.
function withoutBytes(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
  if (isBuffer && 'data' in value && Array.isArray(value.data))
    return Buffer.from(value.data).toString('base64')
  return value
}

async function writeCsv(
  outlet: Outlet,
  columns: readonly RecordColumn[],
  records: AsyncIterable<Cells> | Iterable<Cells>,
): Promise<number> {
  let count = 0
  const field = outlet.escapesFormulas ? (value: unknown) => csvField(withoutFormula(value)) : csvField
  let open = await outlet.line(columns.map(({ name }) => field(name)).join(','))
  for await (const record of records) {
    if (!open) return count
    open = await outlet.line(columns.map(({ name }) => field(record[name])).join(','))
    count += 1
  }
  return count
}

/**
 * As OWASP advises: a text that a spreadsheet would compute begins with an apostrophe. Numbers are none, whatever sign they have; what is
 * read back into Sluice should be written without this.
 */
export function withoutFormula(value: unknown): unknown {
  if (typeof value !== 'string' || /^[-+]?\d+(?:[.,]\d+)*$/.test(value)) return value
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value
}

/** RFC 4180; absent is empty, the empty text is `""`. Bytes are base64. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
