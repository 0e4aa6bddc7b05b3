/**
 * Records of Parquet, some rows at a time.
 *
 * @module
 */
import type { FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet'
import { optionalPackage } from '../contract/optional-package.ts'
import type { SourceDocument } from './document.ts'
import { decimalText, floatText, instantText } from './parquet-values.ts'
import type { SourceRecord } from './record.ts'
import { documentTrouble } from './trouble.ts'

const rowsAtOnce = 4096

const packages = {
  hyparquet: '1.33.0',
  'hyparquet-compressors': '1.1.2',
}

export async function* readParquet(
  document: SourceDocument,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const { hyparquet, compressors } = await load()
  const path = await document.onDisk()
  const file = await hyparquet.asyncBufferFromFile(path)
  try {
    const metadata = await hyparquet.parquetMetadataAsync(file)
    const texts = textsOfColumns(metadata)
    const rows = Number(metadata.num_rows)
    // Values that the library would make binary fractions of are taken as they are stored.
    const plain = { ...metadata, schema: metadata.schema.map(withoutDecimals) }
    for (let rowStart = 0; rowStart < rows; rowStart += rowsAtOnce) {
      const request = { file, metadata: plain, rowStart, rowEnd: Math.min(rows, rowStart + rowsAtOnce) }
      const found = await hyparquet.parquetReadObjects({ ...request, compressors, parsers, utf8: false })
      yield found.map((row) => written(row, texts))
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw documentTrouble(document.name, `cannot be read as Parquet: ${why.replace(/\.$/, '')}`)
  }
}

async function load() {
  const hyparquet = await optionalPackage('Parquet', packages, () => import('hyparquet'))
  const { compressors } = await optionalPackage('Parquet', packages, () => import('hyparquet-compressors'))
  return { hyparquet, compressors }
}

/** How many rows there are, and names of columns with their types. */
export async function parquetColumns(document: SourceDocument) {
  const { hyparquet } = await load()
  const metadata = await hyparquet.parquetMetadataAsync(
    await hyparquet.asyncBufferFromFile(await document.onDisk()),
  )
  return Number(metadata.num_rows)
}

/** Times keep all their digits. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => instantText(BigInt(millis) * 1_000_000n),
  timestampFromMicroseconds: (micros) => instantText(BigInt(micros) * 1000n),
  timestampFromNanoseconds: (nanos) => instantText(BigInt(nanos)),
  dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10),
}

type TextOf = (value: unknown) => unknown

/** What becomes of the values of columns at the top. */
function textsOfColumns({ schema }: FileMetaData): ReadonlyMap<string, TextOf> {
  const texts = new Map<string, TextOf>()
  for (const element of schema.slice(1)) {
    const text = textOfColumn(element)
    if (text !== undefined) texts.set(element.name, text)
  }
  return texts
}

function textOfColumn(element: SchemaElement): TextOf | undefined {
  const { type, converted_type: kind, logical_type: logical, scale = 0 } = element
  if (kind === 'DECIMAL' || logical?.type === 'DECIMAL') return (value) => decimalText(value, scale)
  if (type === 'FLOAT') return (value) => (typeof value === 'number' ? floatText(value) : value)
  const instant = kind?.startsWith('TIMESTAMP') === true || logical?.type === 'TIMESTAMP' || type === 'INT96'
  const universal = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : type !== 'INT96'
  if (instant && universal) return (value) => (typeof value === 'string' ? `${value}Z` : value)
  return undefined
}

function withoutDecimals(element: SchemaElement): SchemaElement {
  const { converted_type: kind, logical_type: logical, ...rest } = element
  return kind === 'DECIMAL' || logical?.type === 'DECIMAL' ? rest : element
}

function written(row: SourceRecord, texts: ReadonlyMap<string, TextOf>): SourceRecord {
  const record: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    const text = texts.get(name)
    record[name] = text === undefined || value === null || value === undefined ? value : text(value)
  }
  return record
}
