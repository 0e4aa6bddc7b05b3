/**
 * The header of a source file: which separator, which columns, where the rows begin.
 *
 * The separator is the one with which the mapped columns are found; only when none does, the one
 * that splits the first records most evenly, so that the error can name the columns as a person
 * sees them.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer'
import type { FileFormat } from '@sluice/model'
import { type LineEnds, outcome, RecordParser } from './record-parser.ts'

export interface Header {
  /** Names trimmed and in Unicode normal form C. */
  readonly columns: readonly string[]
  readonly separator: string
  readonly lineEnds: LineEnds
  /** Physical lines before the header. */
  readonly skipLines: number
  /** Each row ends with a separator, so that an empty field stands behind those of the columns. */
  readonly trailing: boolean
}

export type HeaderFound =
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'none'; readonly reason: string }

export const separators = [',', ';', '\t', '|'] as const

/** How names are compared: export tools add blanks, and write accents in two ways. */
export const columnName = (text: string): string => text.trim().normalize('NFC')

/** Reads the header from the start of the text; `whole` says that there is no more text. */
export function readHeader(
  head: Buffer,
  whole: boolean,
  format: FileFormat,
  mapped: readonly string[],
): HeaderFound {
  const lineEnds = lineEndsOf(head)
  const hint = excelHint(head)
  const skipLines = format.skipLines + (hint === undefined ? 0 : 1)
  const start = skip(head, skipLines, lineEnds)
  if (start >= head.length) return { kind: 'none', reason: 'has no header' }

  const given = format.separator ?? hint
  const candidates = (given === undefined ? separators : [given]).map((separator) =>
    tryOut(head.subarray(start), whole, { separator, lineEnds, skipLines }),
  )
  const wanted = mapped.map(columnName)
  const best = candidates.reduce((a, b) => (better(b, a, wanted) ? b : a))
  if (best.header === undefined) return { kind: 'none', reason: best.reason }
  return { kind: 'header', header: best.header }
}

interface Candidate {
  readonly header: Header | undefined
  readonly reason: string
  /** Of the first records, the share that has as many fields as the header. */
  readonly even: number
}

function better(a: Candidate, b: Candidate, wanted: readonly string[]): boolean {
  const rank = ({ header, even }: Candidate) => {
    if (header === undefined) return [-1, 0, 0]
    const found = wanted.filter((name) => header.columns.includes(name)).length
    return [found, header.columns.length > 1 ? even : 0, header.columns.length]
  }
  const ranks = rank(a).map((value, index) => value - (rank(b)[index] ?? 0))
  return (ranks.find((difference) => difference !== 0) ?? 0) > 0
}

const sampleRecords = 100

function tryOut(text: Buffer, whole: boolean, shape: Omit<Header, 'columns' | 'trailing'>): Candidate {
  const parser = new RecordParser({ ...shape, maximumFieldSize: text.length })
  const found = parser.parse(text, 0, text.length, whole)
  const broken = (reason: string): Candidate => ({ header: undefined, reason, even: 0 })
  if (found === outcome.blank) return broken('has an empty line where its header should be')
  if (found === outcome.incomplete) return broken('has no line end in its first million bytes')
  if (found === outcome.violation) return broken('has broken quotes in its header')
  const columns = headerColumns(text, parser)
  if (columns === undefined) return broken('has a header that is not a text in its encoding')

  const rows = lookAtRows(text, whole, { parser, from: parser.next }, columns.length)
  const [even, header] = withTrailing(columns, rows)
  return { header: { ...shape, ...header }, reason: '', even: rows.all === 0 ? 1 : even / rows.all }
}

/** Whether the first rows have as many fields as the header has columns: all of them, some or none; `undefined`: there are no rows. */
export function rowsThatFit(
  head: Buffer,
  whole: boolean,
  { columns, separator: own, lineEnds, skipLines }: Header,
  separator: string,
): 'all' | 'some' | 'none' | undefined {
  const text = head.subarray(skip(head, skipLines, lineEnds))
  const shape = { lineEnds, maximumFieldSize: text.length }
  const first = new RecordParser({ ...shape, separator: own })
  if (first.parse(text, 0, text.length, whole) !== outcome.record) return undefined
  const rows = { parser: new RecordParser({ ...shape, separator }), from: first.next }
  const { all, same, more } = lookAtRows(text, whole, rows, columns.length)
  if (all === 0) return undefined
  const fitting = same + more
  return fitting === all ? 'all' : fitting === 0 ? 'none' : 'some'
}

/** Of the first rows: how many have as many fields as the header, one less, and one more that is empty. */
interface FirstRows {
  readonly all: number
  readonly same: number
  readonly fewer: number
  readonly more: number
}

function lookAtRows(
  text: Buffer,
  whole: boolean,
  { parser, from }: { readonly parser: RecordParser; readonly from: number },
  columns: number,
): FirstRows {
  const rows = { all: 0, same: 0, fewer: 0, more: 0 }
  for (let at = from; rows.all < sampleRecords && at < text.length; at = parser.next) {
    if (parser.parse(text, at, text.length, whole) !== outcome.record) break
    const { count, starts, ends } = parser
    rows.all++
    if (count === columns) rows.same++
    else if (count === columns - 1) rows.fewer++
    else if (count === columns + 1 && starts[columns] === ends[columns]) rows.more++
  }
  return rows
}

/**
 * Some programs write a separator behind each field, in the rows, or in the header only. Where all rows agree that is how the file is
 * written; a separator too many in some of them is a mistake of these.
 */
function withTrailing(
  columns: readonly string[],
  { all, same, fewer, more }: FirstRows,
): readonly [even: number, header: Pick<Header, 'columns' | 'trailing'>] {
  const none = columns.length > 1 && columns.at(-1) === ''
  if (none && (all === 0 || fewer === all)) return [all, { columns: columns.slice(0, -1), trailing: false }]
  if (!none && all > 0 && more === all) return [all, { columns, trailing: true }]
  return [same, { columns, trailing: false }]
}

function headerColumns(text: Buffer, parser: RecordParser): string[] | undefined {
  const columns: string[] = []
  for (let field = 0; field < parser.count; field++) {
    const bytes = text.subarray(parser.starts[field], parser.ends[field])
    if (!isUtf8(bytes) || bytes.some(isBinary)) return undefined
    columns.push(columnName(bytes.toString('utf8').replaceAll('""', '"')))
  }
  return columns
}

/** What stands in no name of a column, but in files that are no tables; beside tab, line ends and separators. */
function isBinary(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x1c)
}

/** A file whose first line ends with a lone CR comes from where lines end so. */
function lineEndsOf(head: Buffer): LineEnds {
  const ret = head.indexOf(0x0d)
  const feed = head.indexOf(0x0a)
  if (ret === -1 || (feed !== -1 && feed <= ret + 1)) return 'lf'
  return 'cr'
}

/** `sep=;` on the first line is Excel's way to name the separator; some programs put it in quotes, as they do with all. */
function excelHint(head: Buffer): string | undefined {
  return /^(?:sep=([,;|\t])|"sep=([,;|\t])")(?:\r\n|\n|\r)/i
    .exec(head.subarray(0, 10).toString('latin1'))
    ?.slice(1)
    .find((separator) => separator !== undefined)
}

function skip(head: Buffer, lines: number, lineEnds: LineEnds): number {
  let at = 0
  for (let line = 0; line < lines && at < head.length; line++) at = nextLine(head, at, lineEnds)
  return at
}

/** Where the physical line after the one at `at` starts. */
export function nextLine(buffer: Uint8Array, at: number, lineEnds: LineEnds): number {
  const feed = buffer.indexOf(0x0a, at)
  const feedEnd = feed === -1 ? buffer.length : feed + 1
  if (lineEnds === 'lf') return feedEnd
  const ret = buffer.indexOf(0x0d, at)
  return ret === -1 || ret + 1 >= feedEnd ? feedEnd : buffer[ret + 1] === 0x0a ? ret + 2 : ret + 1
}
