/**
 * Reads a file in an outbox that somebody changed, or wrote, and says what the manifest has to say of it.
 *
 * What Sluice writes is right by the way it is made; of these files it has to be seen: the server copies them into
 * a table as they are and relies on one row per key, and the next incremental is compared with them in their order.
 *
 * @module
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readLines, sumOfFile } from '@sluice/files'
import { isHidden } from '@sluice/model'
import { longestRejection, preparedRejectionSchema } from '@sluice/protocol'
import { longestRecord, SortedWindow } from './compare/sorted-window.ts'
import { UnfitPreparedFileError } from './prepare-errors.ts'
import type { Projection } from './projection.ts'
import { flag } from './read/record-parser.ts'
import { type DeltaCommand, deltaName } from './write/delta-file.ts'
import { headerLine } from './write/row-writer.ts'

interface Inspected {
  readonly size: number
  readonly sha256: string
  readonly rows: number
}

export interface InspectedDelta extends Inspected {
  /** Rows that say delete. */
  readonly deleted: number
}

/** A whole file. Throws `UnfitPreparedFileError` for the first line that cannot be delivered. */
export async function inspectSorted(folder: string, projection: Projection): Promise<Inspected> {
  const { mapping, columns, order, required } = projection
  const path = join(folder, `${mapping}.sorted.csv`)
  let before: { readonly key: Buffer; readonly line: number } | undefined
  const firstLine = linesOfUnique(projection)
  return inspectRows(path, columns, order, (window, line) => {
    const { starts, ends } = window.record
    const other = otherSpelling(window, projection)
    if (other !== undefined) throw new UnfitPreparedFileError(path, line, other)
    if (required.some((column) => starts[column] === ends[column]))
      throw new UnfitPreparedFileError(path, line, 'it has no key')
    const compared = before === undefined ? -1 : before.key.compare(window.key)
    if (compared > 0)
      throw new UnfitPreparedFileError(path, line, `${keyOf(window)} comes after a key that sorts behind it`)
    const former = compared === 0 ? before?.line : firstLine?.(window, line)
    if (former !== undefined)
      throw new UnfitPreparedFileError(path, line, `${keyOf(window)} already occurs on line ${former}`)
    before = { key: Buffer.from(window.key), line }
  })
}

const commands: Readonly<Record<DeltaCommand, true>> = {
  insert: true,
  update: true,
  delete: true,
  merge: true,
}

/** Changes are applied in their order and netted by key: only their form has to be right. */
export async function inspectDelta(folder: string, projection: Projection): Promise<InspectedDelta> {
  const { mapping, columns } = projection
  const path = join(folder, deltaName(mapping))
  let deleted = 0
  const inspected = await inspectRows(path, ['command', ...columns], [0], (window, line) => {
    const [command = ''] = window.keyTexts()
    if (!Object.hasOwn(commands, command))
      throw new UnfitPreparedFileError(
        path,
        line,
        `"${command}" is none of ${Object.keys(commands).join(', ')}`,
      )
    const other = otherSpelling(window, projection, 1)
    if (other !== undefined) throw new UnfitPreparedFileError(path, line, other)
    if (command === 'delete') deleted++
  })
  return { ...inspected, deleted }
}

/** The list of rows that could not be read, with how many there are of each mapping. */
export async function inspectRejections(
  path: string,
): Promise<Inspected & { readonly byMapping: ReadonlyMap<string, number> }> {
  const tooLong = (line: number) =>
    new UnfitPreparedFileError(path, line, `it is longer than ${longestRejection} bytes`)
  const byMapping = new Map<string, number>()
  let line = 0
  let rows = 0
  for await (const text of readLines(path, { longest: longestRejection, tooLong })) {
    line++
    if (text === '') continue
    rows++
    const { mapping } = rejectionOf(path, line, text)
    byMapping.set(mapping, (byMapping.get(mapping) ?? 0) + 1)
  }
  return { size: (await stat(path)).size, sha256: await sumOfFile(path), rows, byMapping }
}

function rejectionOf(path: string, line: number, text: string) {
  try {
    return preparedRejectionSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UnfitPreparedFileError(path, line, 'it is not a rejection as sluice prepare writes it', cause)
  }
}

async function inspectRows(
  path: string,
  columns: readonly string[],
  keyColumns: readonly number[],
  judge: (window: SortedWindow, line: number) => void,
): Promise<Inspected> {
  await using window = new SortedWindow(path, keyColumns)
  const header = headerLine(columns)
  if (!(await window.skipHeader(header)))
    throw new UnfitPreparedFileError(path, 1, `the header has to be ${header.toString().trimEnd()}`)
  let line = columns.join('').split('\n').length
  let rows = 0
  for (;;) {
    while (window.left === 0 && !window.ended) await window.more()
    if (window.done) break
    line++
    const trouble = (await window.look())
      ? untidiness(window, columns.length)
      : breakage(window, columns.length)
    if (trouble !== undefined) throw new UnfitPreparedFileError(path, line, trouble)
    judge(window, line)
    line += window.record.breaks
    rows++
    window.at = window.next
  }
  return { size: (await stat(path)).size, sha256: await window.sum(), rows }
}

/** Why no whole row was found. */
function breakage({ record, broken, tooLong }: SortedWindow, columns: number): string {
  if (tooLong) return `it is longer than ${longestRecord} bytes`
  if (broken) return 'its quotes are broken: a quote inside a quoted field has to be doubled'
  if (record.unterminated) return 'it does not end with a line feed; the file looks cut off'
  if (record.count === 1 && record.starts[0] === record.ends[0]) return 'it is empty'
  return otherCount(record.count, columns)
}

/** What the server would read otherwise, or not at all. */
function untidiness(window: SortedWindow, columns: number): string | undefined {
  const { record, bytes, at, next } = window
  if (record.count !== columns) return otherCount(record.count, columns)
  if (bytes[next - 2] === 0x0d && record.contentEnd === next - 2)
    return 'it ends with a carriage return and a line feed; prepared files have the line feed alone'
  if ((record.any & (flag.strayQuote | flag.strayReturn)) !== 0)
    return 'a field with a quote or a carriage return has to stand in quotes'
  if ((record.any & flag.nul) !== 0 || !isUtf8(bytes.subarray(at, next))) return 'it is not UTF-8'
  for (let field = 0; field < record.count; field++) {
    const quoted = ((record.flags[field] ?? 0) & flag.quoted) !== 0
    if (quoted && record.starts[field] === record.ends[field])
      return 'an empty value has to stand without quotes'
  }
  return undefined
}

/** A secret that could be read, or a name of a resource that is not in its one spelling: by it nobody would be found. `before`: columns that stand before the mapping's. */
function otherSpelling(
  { record, bytes }: SortedWindow,
  { spelled, secrets, columns }: Projection,
  before = 0,
): string | undefined {
  for (const { column } of secrets) {
    const at = column + before
    const text = bytes.toString('utf8', record.starts[at], record.ends[at])
    if (text !== '' && !isHidden(text)) return `the ${columns[column]} is not hidden`
  }
  for (const { column, spelling } of spelled) {
    const at = column + before
    const text = bytes.toString('utf8', record.starts[at], record.ends[at])
    const own = spelling.of(text)
    if (own !== undefined && own !== text) return `the ${columns[column]} ${text} has to be written ${own}`
  }
  return undefined
}

function otherCount(found: number, columns: number): string {
  return `its number of fields is ${found} instead of ${columns}`
}

function keyOf(window: SortedWindow): string {
  return `the key ${window.keyTexts().join(', ')}`
}

/**
 * What makes a row unique may not be what the file is sorted by; then every one is remembered with its line, which
 * is bearable for a file that went through somebody's hands.
 */
function linesOfUnique({ unique, order }: Projection) {
  if (unique.length === order.length) return undefined
  const lines = new Map<string, number>()
  return ({ record, bytes }: SortedWindow, line: number): number | undefined => {
    const parts = unique.map((column) => bytes.toString('utf8', record.starts[column], record.ends[column]))
    const key = JSON.stringify(parts)
    const former = lines.get(key)
    lines.set(key, line)
    return former
  }
}
