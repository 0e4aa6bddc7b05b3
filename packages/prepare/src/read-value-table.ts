/**
 * Reads a file of values that stand for others: small, so that it is held whole.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import type { TableFile } from '@sluice/model'
import { scanTable } from './graph/scan-table.ts'
import { PrepareProgress } from './prepare-progress.ts'
import type { SourceFile } from './read/plain-file.ts'
import type { BadRow } from './read/record-sink.ts'

const format = { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' } as const
const maximumFieldSize = 1 << 20

/** A row that cannot be read is a text that says where and why: of half a table nobody knows what it says. */
export async function readValueTable(file: SourceFile): Promise<TableFile | string> {
  await using temporary = new TemporaryFolder('sluice-table-')
  const rows: string[][] = []
  let columns: readonly string[] = []
  let bad: BadRow | undefined
  const context = {
    tempFolder: () => temporary.path(),
    settings: { memoryLimit: 0, maximumFieldSize },
    progress: new PrepareProgress(file.name, undefined),
    signal: undefined,
    note: () => undefined,
  }
  const taker = {
    begin: (header: readonly string[]) => {
      columns = header
    },
    row: (row: { text(column: string): string }) => {
      rows.push(columns.map((column) => row.text(column)))
      return undefined
    },
    reject: (row: BadRow) => {
      bad ??= row
    },
    drain: async () => undefined,
  }
  await scanTable({ mapping: file.name, parts: [file], format, wanted: [] }, taker, context)
  return bad === undefined ? { columns, rows } : `${file.name}, line ${bad.line}: ${bad.reason}`
}
