/**
 * The look at a record line by line, for the moments when its quotes cannot be trusted.
 *
 * These functions answer one question: would this physical line, taken alone, be a row of the file?
 * They run only over doubtful places, so they may be slow and plain.
 *
 * @module
 */
import { type LineEnds, outcome, RecordParser } from './record-parser.ts'

export interface LineShape {
  readonly separator: string
  readonly lineEnds: LineEnds
  /** Fields of the header. */
  readonly columns: number
}

export interface LineRange {
  readonly start: number
  /** Before the line end. */
  readonly end: number
  /** After the line end. */
  readonly next: number
}

/** The physical line that starts at `start`; its end is `limit` when no line end comes before. */
export function lineAt(buffer: Uint8Array, start: number, limit: number, lineEnds: LineEnds): LineRange {
  const feed = buffer.subarray(0, limit).indexOf(0x0a, start)
  if (lineEnds === 'cr') {
    const ret = buffer.subarray(0, limit).indexOf(0x0d, start)
    if (ret !== -1 && (feed === -1 || ret < feed)) {
      return { start, end: ret, next: buffer[ret + 1] === 0x0a && ret + 1 < limit ? ret + 2 : ret + 1 }
    }
  }
  if (feed === -1) return { start, end: limit, next: limit }
  const end = feed > start && buffer[feed - 1] === 0x0d ? feed - 1 : feed
  return { start, end, next: feed + 1 }
}

/** The physical lines from `start` to the one that holds `until`. */
export function* linesUntil(
  buffer: Uint8Array,
  start: number,
  until: number,
  limit: number,
  lineEnds: LineEnds,
): Generator<LineRange> {
  let at = start
  do {
    const line = lineAt(buffer, at, limit, lineEnds)
    yield line
    at = line.next
  } while (at <= until && at < limit)
}

/** Does the line hold exactly as many fields as the header when quotes mean nothing? */
export function isRowLiterally(buffer: Uint8Array, line: LineRange, shape: LineShape): boolean {
  const separator = shape.separator.charCodeAt(0)
  let count = 1
  for (let at = line.start; at < line.end; at++) if (buffer[at] === separator) count++
  return count === shape.columns
}

/** Is the line by itself a sound row of the file, quotes and all? */
export function isSoundRow(buffer: Uint8Array, line: LineRange, shape: LineShape): boolean {
  const size = line.end - line.start
  if (size === 0) return false
  const parser = new RecordParser({ ...shape, maximumFieldSize: size + 1 })
  const found = parser.parse(buffer.subarray(line.start, line.end), 0, size, true)
  return (
    found === outcome.record && parser.count === shape.columns && parser.next === size && parser.breaks === 0
  )
}

/** As `isSoundRow`, with the quote at `broken` taken for an ordinary character. */
export function isSoundRowWithout(
  buffer: Uint8Array,
  line: LineRange,
  broken: number,
  shape: LineShape,
): boolean {
  const copy = Uint8Array.prototype.slice.call(buffer, line.start, line.end)
  copy[broken - line.start] = 0x78
  return isSoundRow(copy, { start: 0, end: copy.length, next: copy.length }, shape)
}

export function hasBalancedQuotes(buffer: Uint8Array, line: LineRange): boolean {
  let quotes = 0
  for (let at = line.start; at < line.end; at++) if (buffer[at] === 0x22) quotes++
  return quotes % 2 === 0
}

/** Every text that may be a field of the lines, for finding the keys of rows that cannot be read. */
export function likelyFields(text: string, separator: string): string[] {
  const fields = new Set<string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    for (const part of line.split(separator)) {
      fields.add(part)
      const bare = part.replace(/^"|"$/g, '').replaceAll('""', '"')
      fields.add(bare)
      // As Excel takes it for a text.
      fields.add(bare.replace(/^="(.*?)"?$/, '$1'))
    }
  }
  return [...likelyKeys(fields)]
}

function* likelyKeys(fields: Iterable<string>): Generator<string> {
  let count = 0
  let size = 0
  for (const field of fields) {
    if (field === '' || field.length > longestKey || field.includes('\0')) continue
    count++
    size += field.length
    if (count > mostFields || size > mostText) return
    yield field
  }
}

/** No key is longer, and no sane row has more fields; a monster row must not fill the report. */
const longestKey = 4_000
const mostFields = 5_000
const mostText = 1 << 20
