/**
 * The fast way, for files proven clean: DuckDB reads, sorts and writes them, and one reading of what
 * it wrote counts the rows, takes the sum and makes sure that no key comes twice and every name is in its spelling.
 *
 * It decides nothing by itself. Null keys, duplicates, a row count that is not the inspected one, a
 * word of complaint from DuckDB: each sends the mapping the careful way, so both ways always give
 * the same files.
 *
 * @module
 */
import { open } from 'node:fs/promises'
import { wideFrom } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { cleansedField, isNotBlank } from './fast-cleansing.ts'
import { plainValue } from './fast-values.ts'
import { SortFailedError } from './prepare-errors.ts'
import type { Projection } from './projection.ts'
import { readChunks } from './read/read-chunks.ts'
import { type CleanFile, type OpenTable, positions } from './read/source-table.ts'
import { secondSort } from './sort/mapping-rows.ts'
import { SortedReader } from './sort/sorted-reader.ts'
import { text } from './sort/sorter.ts'
import type { TableContext } from './table-context.ts'
import { createPrepared, describePrepared, preparedPath } from './write/prepared-mapping.ts'
import { headerLine } from './write/row-writer.ts'

/** The prepared file of the projection; `undefined` when it must be made the careful way. */
export async function fastWay(
  table: OpenTable,
  projection: Projection,
  context: TableContext,
): Promise<PreparedFile | undefined> {
  const clean = cleanTable(table)
  if (clean === undefined || secondSort(projection) !== undefined) return undefined
  // Hardly a name will be in its own spelling.
  if (projection.spelled.some(({ spelling }) => spelling.foreign)) return undefined
  if (projection.secrets.length > 0) return undefined
  // One way of making values, so that there is nothing for two to differ in.
  if (projection.shaping !== undefined) return undefined
  // Their rows are measured one by one.
  if (projection.columns.length >= wideFrom) return undefined
  if (!clean.composed && projection.cleansed.some(({ composed }) => composed)) return undefined
  // DuckDB's writer also quotes fields that hold a number sign, which the prepared files do not.
  if (clean.hash && clean.quotes) return undefined

  const path = preparedPath(context.folder, projection.mapping, 'sorted')
  if (!(await sortWithDuckdb(table, projection, clean, path, context))) return undefined
  const reader = new SortedReader(projection, clean.multiline)
  for await (const chunk of readChunks(path)) {
    context.signal?.throwIfAborted()
    reader.add(chunk)
  }
  const read = reader.finish()
  if (read?.rows !== clean.records) return undefined

  for (const side of ['duplicates', 'nullpk'] as const) {
    const file = await createPrepared(context.folder, projection, side)
    await file.finish()
  }
  const counts = { read: read.rows, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, rows: read.rows }
  return describePrepared(projection, { size: read.size, sha256: read.sha256 }, counts)
}

/** What is true of all files together; `undefined` when one is in doubt or they differ in dialect. */
function cleanTable({ files }: OpenTable): CleanFile | undefined {
  const [first] = files
  let all: CleanFile = { records: 0, multiline: false, quotes: false, hash: false, composed: true }
  for (const { clean, encoding, header, plain } of files) {
    if (clean === undefined || encoding !== 'utf-8' || header.separator !== first?.header.separator)
      return undefined
    // DuckDB would take these for a pattern.
    if (/[*?[\]{}]/.test(plain.path)) return undefined
    all = {
      records: all.records + clean.records,
      multiline: all.multiline || clean.multiline,
      quotes: all.quotes || clean.quotes,
      hash: all.hash || clean.hash,
      composed: all.composed && clean.composed,
    }
  }
  return all
}

async function sortWithDuckdb(
  table: OpenTable,
  projection: Projection,
  clean: CleanFile,
  path: string,
  { sorter }: TableContext,
): Promise<boolean> {
  const [first] = table.files
  if (first === undefined) return false
  const at = positions(first.header, projection)
  const uuids = new Set(
    projection.spelled.filter(({ spelling }) => spelling.id === 'uuid').map(({ column }) => column),
  )
  const cleansed = new Map(projection.cleansed.map((of) => [of.column, of]))
  const name = (column: number) => {
    const field = cleansedField(`f${at[column] ?? 0}`, cleansed.get(column))
    // Many systems write them in capitals, every one; any other spelling sends the file the careful way.
    return uuids.has(column) ? `lower(${field})` : field
  }
  const select = projection.columns.map((column, index) => `${name(index)} as ${identifier(column)}`)
  const fields = first.header.columns.map((_, index) => `'f${index}': 'VARCHAR'`)
  const paths = table.files.map(({ plain }) => text(plain.path))
  const read = [
    `read_csv([${paths.join(', ')}], auto_detect = false, header = true`,
    `delim = ${text(first.header.separator)}, quote = '"', escape = '"', comment = ''`,
    `strict_mode = true, null_padding = false, columns = {${fields.join(', ')}})`,
  ].join(', ')
  const order = projection.order.slice(0, projection.unique.length === 1 ? 1 : 2)
  const present = projection.required.map((column) => `${name(column)} is not null`)
  // What names nobody for being blank is for the careful way.
  const named = projection.cleansed.filter(({ blankIsNobody }) => blankIsNobody)
  const notBlank = named.map(({ column }) => isNotBlank(`f${at[column] ?? 0}`))
  const legal = projection.checks.flatMap(({ column, required, property, format }) => {
    const field = name(column)
    const plain = plainValue(field, property, format)
    if (plain === undefined) return required ? [`${field} is not null`] : []
    return required ? [plain] : [`(${field} is null or ${plain})`]
  })
  try {
    await sorter.copy(
      `select ${select.join(', ')} from ${read}
       where ${[...present, ...notBlank, ...legal].join(' and ')} order by ${order.map(name).join(', ')}`,
      path,
      `header true, delimiter ',', ${clean.quotes ? `quote '"', escape '"'` : `quote '', escape ''`}`,
    )
    return await hasHeader(path, projection)
  } catch (error) {
    // Its complaint names no physical line; the careful way finds out what it is.
    if (error instanceof SortFailedError) return false
    throw error
  }
}

/** DuckDB quotes some names that need no quotes. */
async function hasHeader(path: string, projection: Projection): Promise<boolean> {
  const expected = headerLine(projection.columns)
  await using file = await open(path, 'r')
  const found = Buffer.alloc(expected.length)
  const { bytesRead } = await file.read(found, 0, expected.length, 0)
  return bytesRead === expected.length && found.equals(expected)
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
