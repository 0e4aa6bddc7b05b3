/**
 * The careful way: every byte read by our own scanner, DuckDB only sorts.
 *
 * Copes with whatever real exports hold, knows physical lines, and keeps the first row of each key.
 * The rows go through an intermediate file in which one line is one row, so memory stays flat.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FileWriter, type OutputFile, type WrittenFile } from '@sluice/files'
import type { PreparedFile } from '@sluice/protocol'
import { scanRecords } from './judge/scan-records.ts'
import type { Projection } from './projection.ts'
import type { RecordParser } from './read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from './read/record-sink.ts'
import { type OpenTable, positions, tableChunks } from './read/source-table.ts'
import { MappingRows, secondSort } from './sort/mapping-rows.ts'
import type { Sorter } from './sort/sorter.ts'
import { LineCollector, splitSorted } from './sort/split-sorted.ts'
import type { TableContext } from './table-context.ts'
import { createPrepared, describePrepared } from './write/prepared-mapping.ts'

/** Prepares the mappings of one table in one reading of its files. */
export async function carefulWay(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedFile[]> {
  const { folder, tempFolder, rejections } = context
  const all: MappingRows[] = []
  try {
    for (const projection of projections) {
      all.push(await MappingRows.create({ projection, folder, tempFolder, rejections }))
    }
    await readAll(table, all, context)
    const prepared: PreparedFile[] = []
    for (const rows of all) {
      await rows.finish()
      prepared.push(await sortAndSplit(rows, context))
    }
    return prepared
  } finally {
    for (const rows of all) await rows[Symbol.asyncDispose]()
  }
}

async function readAll(table: OpenTable, all: readonly MappingRows[], context: TableContext): Promise<void> {
  const { settings, progress } = context
  for (const file of table.files) {
    for (const rows of all) rows.begin(positions(file.header, rows.projection), file.header.separator)
    const scanned = {
      name: file.plain.source.name,
      header: file.header,
      shortRows: table.format.shortRows,
      quotedLineBreaks: table.format.quotedLineBreaks,
      maximumFieldSize: settings.maximumFieldSize,
      encoding: file.encoding,
    }
    const sink = all.length === 1 && all[0] !== undefined ? all[0] : new SharedSink(all)
    const chunks = tableChunks(file, context, () => progress.rows(all[0]?.read ?? 0))
    await scanRecords(chunks, scanned, sink)
  }
}

/** Several mappings of one file read it together. */
class SharedSink implements RecordSink {
  readonly #sinks: readonly MappingRows[]

  constructor(sinks: readonly MappingRows[]) {
    this.#sinks = sinks
  }

  row(buffer: Uint8Array, parser: RecordParser): RowTrouble | undefined {
    for (const sink of this.#sinks) {
      const trouble = sink.trouble(parser)
      if (trouble !== undefined) return trouble
    }
    for (const sink of this.#sinks) sink.row(buffer, parser)
    return undefined
  }

  reject(row: BadRow): void {
    for (const sink of this.#sinks) sink.reject(row)
  }

  async drain(): Promise<void> {
    for (const sink of this.#sinks) await sink.drain()
  }
}

async function sortAndSplit(rows: MappingRows, context: TableContext): Promise<PreparedFile> {
  const { projection, read, rejected, nullKey, noLink } = rows
  await using sorted = await createPrepared(context.folder, projection, 'sorted')
  await using duplicates = await createPrepared(context.folder, projection, 'duplicates')
  const duplicate = rows.keyed === 0 ? 0 : await splitKeyed(rows, sorted, duplicates, context)
  await duplicates.finish()
  const written: WrittenFile = await sorted.finish()
  const counts = { read, rejected, nullKey, duplicate, noLink, rows: rows.keyed - duplicate }
  return describePrepared(projection, written, counts)
}

/** Returns the number of duplicates. */
async function splitKeyed(
  rows: MappingRows,
  sorted: OutputFile,
  duplicates: OutputFile,
  context: TableContext,
): Promise<number> {
  const { sorter, tempFolder } = context
  const { longest, projection } = rows
  const twice = secondSort(projection) !== undefined
  const path = (step: string) => join(tempFolder, `${projection.mapping}.${step}`)
  const parts = twice ? (['text', 'number', 'text', 'text'] as const) : (['text', 'number', 'text'] as const)
  await sorter.sortLines({ from: rows.path, to: path('ordered'), parts, by: 2, longest })
  await rm(rows.path)

  await using firsts = await FileWriter.create(path('firsts'))
  await using laters = await FileWriter.create(path('laters'))
  const counts = await splitSorted(path('ordered'), {
    first: new LineCollector((bytes) => (twice ? firsts : sorted).write(bytes), !twice),
    drop: 2,
    later: new LineCollector((bytes) => laters.write(bytes), false),
  })
  await rm(path('ordered'))
  await firsts.finish()
  await laters.finish()

  if (twice) await reorder(firsts.path, sorted, { sorter, parts: ['text', 'text'], longest, drop: 1 })
  if (counts.later > 0) {
    const drop = twice ? 2 : 1
    await reorder(laters.path, duplicates, { sorter, parts: ['number', ...parts.slice(2)], longest, drop })
  }
  return counts.later
}

interface Reorder {
  readonly sorter: Sorter
  readonly parts: readonly ('text' | 'number')[]
  readonly longest: number
  readonly drop: 1 | 2
}

/** Sorts lines by their first part and writes the rows to `target`. */
async function reorder(
  path: string,
  target: OutputFile,
  { sorter, parts, longest, drop }: Reorder,
): Promise<void> {
  const ordered = `${path}.ordered`
  await sorter.sortLines({ from: path, to: ordered, parts, by: 1, longest })
  await rm(path)
  const rows = new LineCollector((bytes) => target.write(bytes), true)
  await splitSorted(ordered, { first: rows, drop, later: rows })
  await rm(ordered)
}
