/**
 * What a document holds: its tables, each with its columns, from a look at its first records.
 *
 * @module
 */
import type { DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { Cells, namesIn } from '../formats/cells.ts'
import type { SourceDocument } from '../formats/document.ts'
import { type FormatName, type RecordOptions, readRecords } from '../formats/formats.ts'
import { isMap, type SourceRecord, valueAt } from '../formats/record.ts'
import { documentTrouble } from '../formats/trouble.ts'
import { headOfCsv } from './head-of-csv.ts'
import { entriesOf } from './ldif-records.ts'
import { listsIn, repeatedElements } from './lists-in.ts'
import { typeOfValues } from './type-of-values.ts'

interface Options extends RecordOptions {
  readonly path: string
  readonly several?: 'last'
}

/** Records that are looked at. */
const most = 1000

export async function lookAt(
  document: SourceDocument,
  kind: FormatName,
  options: Options,
): Promise<readonly DiscoveredTable[]> {
  const of = nameOf(options.path)
  switch (kind) {
    case 'csv':
      return [await csvTable(document, of, options)]
    case 'ldif':
      return ldifTables(document, options)
    case 'excel': {
      const sheets = await (await import('../formats/excel.ts')).sheetsOf(document)
      const [only] = sheets
      if (sheets.length === 1 && only !== undefined) return [await recordTable(document, kind, of, options)]
      const tables = sheets.map((sheet) => recordTable(document, kind, sheet, { ...options, sheet }))
      return (await Promise.allSettled(tables)).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      )
    }
    case 'json':
    case 'xml': {
      const lists = kind === 'json' ? await listsIn(document) : await repeatedElements(document)
      const tables: DiscoveredTable[] = []
      for (const records of lists) {
        const name = records.split('/').at(-1) ?? ''
        const where = records === '' ? {} : { records }
        tables.push(await recordTable(document, kind, name === '' ? of : name, { ...options, ...where }))
      }
      return tables
    }
    default:
      return [await recordTable(document, kind, of, options)]
  }
}

/** `exports/people-2026-*.json.gz`: people. */
function nameOf(path: string): string {
  const [name = ''] = (path.split('/').at(-1) ?? '').split('.')
  return plainName(name.replaceAll(/[*?]/g, ''))
}

function plainName(name: string): string {
  const plain = name.replaceAll(/[^\w-]+/g, '_').replaceAll(/^[-_]+|[-_]+$/g, '')
  return plain === '' ? 'records' : plain
}

async function recordTable(
  document: SourceDocument,
  kind: Exclude<FormatName, 'csv' | 'ldif'>,
  name: string,
  options: Options,
): Promise<DiscoveredTable> {
  const records = await firstOf(readRecords(document, kind, options))
  if (records.length === 0) throw documentTrouble(document.name, 'has no records to look at')
  return tableOf(records, name, options)
}

async function firstOf(batches: AsyncIterable<readonly SourceRecord[]>): Promise<readonly SourceRecord[]> {
  const records: SourceRecord[] = []
  for await (const batch of batches) {
    records.push(...batch.slice(0, most - records.length))
    if (records.length >= most) break
  }
  return records
}

function tableOf(
  records: readonly SourceRecord[],
  name: string,
  given: Options & { readonly objectClass?: string },
): DiscoveredTable {
  const options = { ...given }
  const names = [...new Set(records.flatMap(namesIn))]
  const cells = new Cells(names, { separator: '|' })
  const rows = records.flatMap((record) => cells.rowsOf(record))
  const lists = new Set(names.filter((one) => records.some((record) => isList(record, one))))
  const columns = names.map((column, index) => {
    const values = rows.map((row) => row[index])
    return {
      name: column,
      type: typeOfValues(values),
      ...(lists.has(column) ? { minor: true as const } : {}),
      values,
    }
  })
  const plain = plainName(name)
  return { file: `${plain}.csv`, name: plain, kind: 'entities', options, columns: withKey(columns) }
}

/** A list, or a value within a list of maps: it has several values, and is for who splits it. */
function isList(record: SourceRecord, name: string): boolean {
  const value = valueAt(record, name)
  return Array.isArray(value) || isMap(value)
}

type Looked = DiscoveredColumn & { readonly values: readonly (string | undefined)[] }

/** One that is of each record and of no two; better one that is named so. */
function withKey(columns: readonly Looked[]): readonly DiscoveredColumn[] {
  const unique = columns.filter(
    ({ values, minor }) =>
      minor !== true &&
      values.every((value) => value !== undefined && value !== '') &&
      new Set(values).size === values.length,
  )
  const named = ['id', '@id', 'key', 'uid', 'guid', 'uuid', 'entryuuid', 'dn', 'code', 'number', 'login']
  const key =
    named.map((name) => unique.find((column) => column.name.toLowerCase() === name)).find(Boolean) ??
    unique.find(({ name }) => /id$|number$|code$|key$/i.test(name)) ??
    unique[0]
  return columns.map(({ values, ...column }) => {
    const empty = values.filter((value) => value === undefined || value === '').length
    return {
      ...column,
      ...(column.name === key?.name ? { key: true as const } : {}),
      ...(empty * 2 > values.length ? { minor: true as const } : {}),
    }
  })
}

async function ldifTables(document: SourceDocument, options: Options): Promise<readonly DiscoveredTable[]> {
  const records = await firstOf(entriesOf({ documents: [document], changes: [] }))
  const byClass = new Map<string, SourceRecord[]>()
  for (const record of records) {
    // The last one that is named is nearly always the most special one.
    const classes = [record['objectclass']].flat().map(String)
    const name = classes.find((one) =>
      /^(inetOrgPerson|groupOf\w+|organizationalUnit|user|group)$/i.test(one),
    )
    const of = name ?? classes.at(-1) ?? 'entry'
    byClass.set(of, [...(byClass.get(of) ?? []), record])
  }
  return [...byClass].map(([objectClass, some]) => tableOf(some, objectClass, { ...options, objectClass }))
}

async function csvTable(document: SourceDocument, name: string, options: Options): Promise<DiscoveredTable> {
  const { format, header, rows } = await headOfCsv(document)
  const columns = header.map((column, index) => {
    const values = rows.map((row) => row[index])
    return { name: column, type: typeOfValues(values), values }
  })
  return {
    file: `${name}.csv`,
    name,
    kind: 'entities',
    options: { ...options },
    columns: withKey(columns),
    format,
  }
}
