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
import { factNotes } from './judge/fact-notes.ts'
import { scannedFile, scanRecords } from './judge/scan-records.ts'
import type { Projection } from './projection.ts'
import type { RecordParser } from './read/record-parser.ts'
import type { BadRow, RecordSink } from './read/record-sink.ts'
import { type OpenTable, positions, tableChunks } from './read/source-table.ts'
import { shaperOf } from './shape/load-expressions.ts'
import { ShapedRows } from './shape/shaped-rows.ts'
import { FirstOfKey, FirstSoundOfKey, type JudgedOutcomes, type KeyedLine } from './sort/first-of-key.ts'
import type { IllegalRows } from './sort/illegal-rows.ts'
import { MappingRows, secondSort } from './sort/mapping-rows.ts'
import { MeetingSpellings } from './sort/meeting-spellings.ts'
import { sortFile } from './sort/sort-file.ts'
import type { Sorter } from './sort/sorter.ts'
import { SoundRows } from './sort/sound-rows.ts'
import { LineCollector, splitSorted } from './sort/split-sorted.ts'
import type { TableContext } from './table-context.ts'
import { createPrepared, describePrepared } from './write/prepared-mapping.ts'
import { partEnd } from './write/row-writer.ts'

interface CarefullyPrepared {
  readonly file: PreparedFile
  readonly illegal: IllegalRows
}

/** Prepares the mappings of one table in one reading of its files. */
export async function carefulWay(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<CarefullyPrepared[]> {
  const { folder, tempFolder, rejections } = context
  const all: Taken[] = []
  try {
    for (const projection of projections) {
      const shaper = await shaperOf(projection)
      const rows = await MappingRows.create({ projection, folder, tempFolder, rejections })
      all.push({ rows, shaped: shaper && new ShapedRows(rows, shaper, projection) })
    }
    await readAll(table, all, context)
    const prepared: CarefullyPrepared[] = []
    for (const { rows, shaped } of all) {
      await rows.finish()
      for (const text of rows.notes()) context.note(text)
      prepared.push({ file: await sortAndSplit(rows, shaped, context), illegal: rows.illegal })
    }
    return prepared
  } finally {
    for (const { rows } of all) await rows[Symbol.asyncDispose]()
  }
}

/** The rows of one mapping. */
interface Taken {
  readonly rows: MappingRows
  /** What makes them of the records, where they are not as these stand. */
  readonly shaped: ShapedRows | undefined
}

async function readAll(table: OpenTable, all: readonly Taken[], context: TableContext): Promise<void> {
  const { settings, progress, mostRows } = context
  const sinks = all.map(({ rows, shaped }) => shaped ?? rows)
  const [first] = sinks
  for (const file of table.files) {
    const { name } = file.plain.source
    for (const { rows, shaped } of all) {
      if (shaped === undefined)
        rows.begin(name, positions(file.header, rows.projection), file.header.separator)
      else shaped.begin(name, file.header)
    }
    const scanned = scannedFile(table, file, settings.maximumFieldSize)
    const sink = sinks.length === 1 && first !== undefined ? first : new SharedSink(sinks)
    const chunks = tableChunks(file, context, () => progress.rows(all[0]?.rows.read ?? 0))
    const facts = await scanRecords(chunks, scanned, sink, mostRows)
    for (const text of factNotes(name, facts)) context.note(text)
  }
}

/** Several mappings of one file read it together. */
class SharedSink implements RecordSink {
  readonly #sinks: readonly RecordSink[]

  constructor(sinks: readonly RecordSink[]) {
    this.#sinks = sinks
  }

  row(buffer: Uint8Array, parser: RecordParser, line: number): undefined {
    for (const sink of this.#sinks) sink.row(buffer, parser, line)
  }

  reject(row: BadRow): void {
    for (const sink of this.#sinks) sink.reject(row)
  }

  async drain(): Promise<void> {
    for (const sink of this.#sinks) await sink.drain()
  }
}

async function sortAndSplit(
  rows: MappingRows,
  shaped: ShapedRows | undefined,
  context: TableContext,
): Promise<PreparedFile> {
  const { projection, nullKey, noLink } = rows
  await using sorted = await createPrepared(context.folder, projection, 'sorted')
  await using duplicates = await createPrepared(context.folder, projection, 'duplicates')
  const split = rows.keyed === 0 ? noneSplit : await splitKeyed(rows, sorted, duplicates, context)
  await duplicates.finish()
  const written: WrittenFile = await sorted.finish()
  const rejected = rows.rejected + split.rejected
  const { filtered = 0, further = 0 } = shaped ?? {}
  const read = rows.read + filtered
  const counts = {
    read,
    further,
    filtered,
    rejected,
    nullKey,
    duplicate: split.later,
    noLink,
    rows: split.first,
  }
  return { ...describePrepared(projection, written, counts), ...placesOf(rows) }
}

function placesOf({ illegal }: MappingRows): Pick<PreparedFile, 'places'> {
  const places = illegal.takePlaces()
  return places === undefined ? {} : { places }
}

const noneSplit: SplitCounts = { first: 0, later: 0, rejected: 0 }

async function splitKeyed(
  rows: MappingRows,
  sorted: OutputFile,
  duplicates: OutputFile,
  context: TableContext,
): Promise<SplitCounts> {
  const { sorter, tempFolder } = context
  const { longest, projection } = rows
  const twice = secondSort(projection) !== undefined
  const path = (step: string) => join(tempFolder, `${projection.mapping}.${step}`)
  const parts = twice ? (['text', 'number', 'text', 'text'] as const) : (['text', 'number', 'text'] as const)
  await sortFile(sorter, { from: rows.path, to: path('ordered'), parts, by: 2, longest })
  await rm(rows.path)

  await using firsts = await FileWriter.create(path('firsts'))
  await using laters = await FileWriter.create(path('laters'))
  const first = new LineCollector((bytes) => (twice ? firsts : sorted).write(bytes), !twice)
  const later = new LineCollector((bytes) => laters.write(bytes), false)
  const counts = await splitByKey(path('ordered'), rows, { first, later }, context)
  await rm(path('ordered'))
  await firsts.finish()
  await laters.finish()

  if (twice) await reorder(firsts.path, sorted, { sorter, parts: ['text', 'text'], longest, drop: 1 })
  if (counts.later > 0) {
    const drop = twice ? 2 : 1
    await reorder(laters.path, duplicates, { sorter, parts: ['number', ...parts.slice(2)], longest, drop })
  }
  return counts
}

interface SplitCounts {
  readonly first: number
  readonly later: number
  readonly rejected: number
}

/** The first sound row of each key without key and place, the others without the key. */
async function splitByKey(
  path: string,
  { projection, places, illegal }: MappingRows,
  to: { readonly first: LineCollector; readonly later: LineCollector },
  { rejections, note }: TableContext,
): Promise<SplitCounts> {
  const counts = { first: 0, later: 0, rejected: 0 }
  const meeting = projection.spelled.length === 0 ? undefined : new MeetingSpellings(places)
  const reordered = secondSort(projection) !== undefined
  const soundRows = new SoundRows(projection, places, reordered ? 3 : 2)
  let bad: BadRow[] = []
  const outcomes: JudgedOutcomes = {
    first: (bytes, line) => {
      const { keyEnd, end } = line
      counts.first++
      if (!reordered) illegal.sorted(bytes, line, counts.first, places)
      meeting?.stays(bytes, line)
      to.first.line(bytes, bytes.indexOf(partEnd, keyEnd + 1) + 1, end)
    },
    later: (bytes, line) => {
      const { keyEnd, end } = line
      counts.later++
      meeting?.isLeftOut(bytes, line)
      to.later.line(bytes, keyEnd + 1, end)
    },
    isSound: (bytes, line) => soundRows.isSound(bytes, line),
    reject: (bytes, line) => {
      counts.rejected++
      bad.push(soundRows.badRow(bytes, line))
    },
  }
  const lines = projection.checks.length === 0 ? new FirstOfKey(outcomes) : new FirstSoundOfKey(outcomes)
  await splitSorted(path, lines, async () => {
    await to.first.drain()
    await to.later.drain()
    await rejections.writeRead(projection.mapping, bad)
    bad = []
  })
  for (const text of meeting?.notes(projection.mapping) ?? []) note(text)
  return counts
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
  await sortFile(sorter, { from: path, to: ordered, parts, by: 1, longest })
  await rm(path)
  const rows = new LineCollector((bytes) => target.write(bytes), true)
  const take = (bytes: Buffer, { keyEnd, end }: KeyedLine) =>
    rows.line(bytes, drop === 1 ? keyEnd + 1 : bytes.indexOf(partEnd, keyEnd + 1) + 1, end)
  await splitSorted(ordered, new FirstOfKey({ first: take, later: take }), () => rows.drain())
  await rm(ordered)
}
