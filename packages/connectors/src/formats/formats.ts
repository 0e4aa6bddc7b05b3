/**
 * The formats that records are read from.
 *
 * @module
 */
import type { SourceDocument } from './document.ts'
import type { SheetOptions } from './excel.ts'
import { readJson, readJsonLines } from './json.ts'
import type { SourceRecord } from './record.ts'

export const formatNames = ['csv', 'json', 'jsonl', 'excel', 'parquet', 'ldif', 'xml'] as const
export type FormatName = (typeof formatNames)[number]

/** Formats that are read into records; CSV is passed on, and LDIF may be of changes. */
export type RecordFormat = Exclude<FormatName, 'csv' | 'ldif'>

export interface RecordOptions extends SheetOptions {
  readonly records?: string | undefined
}

const endings: Readonly<Record<string, FormatName>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  xlsx: 'excel',
  xlsm: 'excel',
  parquet: 'parquet',
  ldif: 'ldif',
  xml: 'xml',
}

/** By the end of the name, behind which a `.gz` does not count. */
export function formatOf(path: string): FormatName | undefined {
  return endings[/\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '']
}

export async function* readRecords(
  document: SourceDocument,
  format: RecordFormat,
  options: RecordOptions,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  switch (format) {
    case 'json':
      return yield* readJson(document, options)
    case 'jsonl':
      return yield* readJsonLines(document)
    // What few need is loaded by them.
    case 'excel':
      return yield* (await import('./excel.ts')).readExcel(document, options)
    case 'parquet':
      return yield* (await import('./parquet.ts')).readParquet(document)
    case 'xml':
      return yield* (await import('./xml.ts')).readXml(document, options)
  }
}
