/**
 * Records of a sheet of Excel: the first row that is not empty names the columns.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { SourceDocument } from './document.ts'
import type { SourceRecord } from './record.ts'
import { SheetRows } from './sheet-rows.ts'
import { documentTrouble } from './trouble.ts'
import { numberKinds, sharedTexts, Workbook } from './workbook.ts'

export interface SheetOptions {
  /** Its name, or its number from 1; the first when absent. */
  readonly sheet?: string | number | undefined
  /** Rows before the one that names the columns. */
  readonly skipRows?: number | undefined
}

export async function* readExcel(
  document: SourceDocument,
  { sheet = 1, skipRows = 0 }: SheetOptions,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  await using workbook = await Workbook.open(await document.onDisk(), document.name)
  const part = partOf(workbook, document.name, sheet)
  const values = {
    texts: await sharedTexts(workbook),
    kinds: await numberKinds(workbook),
    from1904: workbook.from1904,
  }
  const rows = new SheetRows(values)
  let header: readonly string[] | undefined
  for await (const _ of workbook.read(part, rows)) {
    const records: SourceRecord[] = []
    for (const { row, cells } of rows.take()) {
      if (row <= skipRows || cells.every((cell) => cell === undefined || cell === '')) continue
      if (header === undefined) header = headerOf(document.name, row, cells)
      else records.push(recordOf(header, cells))
    }
    yield records
  }
  if (header === undefined)
    throw documentTrouble(
      document.name,
      `has nothing on its sheet ${JSON.stringify(sheet)}, not even names of columns`,
    )
}

function partOf(workbook: Workbook, document: string, sheet: string | number): string {
  const names = [...workbook.sheets.keys()]
  const name = typeof sheet === 'number' ? names[sheet - 1] : sheet
  const part = name === undefined ? undefined : workbook.sheets.get(name)
  if (part !== undefined) return part
  throw documentTrouble(document, `has no sheet ${JSON.stringify(sheet)}`, {
    remedy:
      (typeof sheet === 'string' ? suggestion(sheet, names) : undefined) ?? `It has ${names.join(', ')}.`,
  })
}

type Cell = string | undefined

function headerOf(document: string, row: number, cells: readonly Cell[]): readonly string[] {
  const names = cells.map((cell) => cell?.trim() ?? '')
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twice !== undefined)
    throw documentTrouble(document, `has two columns "${twice}" in row ${row}`, {
      remedy: 'Give them different names; skipRows says how many rows stand before the names.',
    })
  return names
}

function recordOf(header: readonly string[], cells: readonly Cell[]): SourceRecord {
  const record: Record<string, Cell> = {}
  for (const [index, name] of header.entries()) if (name !== '') record[name] = cells[index]
  return record
}

/** Names of the sheets. */
export async function sheetsOf(document: SourceDocument): Promise<readonly string[]> {
  await using workbook = await Workbook.open(await document.onDisk(), document.name)
  return [...workbook.sheets.keys()]
}
