/**
 * Reads the rows of one source file, every one of them: each becomes a row, a rejection, or the
 * reason to refuse the file.
 *
 * The reader keeps whole records in one growing buffer, counts physical lines, and asks
 * `judge-record` wherever quotes are doubtful.
 *
 * @module
 */
import { Buffer, isUtf8 } from 'node:buffer'
import { longestSourceRecord } from '@sluice/model'
import { BrokenQuotesError, CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import { badRow } from '../read/bad-row.ts'
import type { LineShape } from '../read/physical-lines.ts'
import { type Header, nextLine } from '../read/read-header.ts'
import { flag, outcome, RecordParser } from '../read/record-parser.ts'
import type { RecordSink, RowTrouble } from '../read/record-sink.ts'
import type { OpenFile, OpenTable } from '../read/source-table.ts'
import { takeOutExcelTexts } from './excel-text.ts'
import { firstSpanningQuote, judgeSpanning, judgeViolation, type Verdict } from './judge-record.ts'
import { afterMarks, fieldWithBlankBeforeQuote, isSame } from './odd-rows.ts'

export interface ScannedFile {
  /** As reports name it. */
  readonly name: string
  readonly header: Header
  readonly shortRows: 'reject' | 'fill'
  readonly quotedLineBreaks: 'check' | 'trust'
  readonly maximumFieldSize: number
  /** What it was before it became UTF-8; for people. */
  readonly encoding: string
}

/** A file of a table, as it is scanned. */
export function scannedFile({ format }: OpenTable, file: OpenFile, maximumFieldSize: number): ScannedFile {
  const { shortRows, quotedLineBreaks } = format
  const { plain, header, encoding } = file
  return { name: plain.source.name, header, shortRows, quotedLineBreaks, maximumFieldSize, encoding }
}

/** What was taken for what it is without a word in the file itself. */
export interface ScanFacts {
  /** Byte order marks before rows. */
  readonly marks: number
  /** Values in the form in which Excel takes them for texts. */
  readonly excelTexts: number
}

/** Reads all chunks of UTF-8 and hands every record to `sink`; or the first `most` of them, and looks at nothing behind. */
export async function scanRecords(
  chunks: AsyncIterable<Buffer>,
  file: ScannedFile,
  sink: RecordSink,
  most = Number.POSITIVE_INFINITY,
): Promise<ScanFacts> {
  const scanner = new Scanner(file, sink, most)
  for await (const chunk of chunks) {
    scanner.add(chunk)
    await sink.drain()
    if (scanner.isDone) return factsOf(scanner)
  }
  scanner.finish()
  await sink.drain()
  return factsOf(scanner)
}

function factsOf({ marks, excelTexts }: Scanner): ScanFacts {
  return { marks, excelTexts }
}

class Scanner implements ScanFacts {
  marks = 0
  excelTexts = 0
  readonly #file: ScannedFile
  readonly #sink: RecordSink
  readonly #parser: RecordParser
  readonly #shape: LineShape
  readonly #longest: number
  #buffer: Buffer = Buffer.allocUnsafe(1 << 16)
  #end = 0
  /** Physical line on which the next record starts. */
  #line = 1
  #toSkip: number
  /** Its bytes, once it was read. */
  #header: Buffer | undefined
  /** Some bytes at hand are no valid UTF-8. */
  #suspect = false
  /** More bytes than this are needed before the record at the front can be whole. */
  #needed = 0
  /** Records that are still wanted. */
  #wanted: number

  constructor(file: ScannedFile, sink: RecordSink, most: number) {
    this.#wanted = most
    const { separator, lineEnds, columns, skipLines, trailing } = file.header
    this.#file = file
    this.#sink = sink
    this.#parser = new RecordParser({ separator, lineEnds, maximumFieldSize: file.maximumFieldSize })
    this.#shape = { separator, lineEnds, columns: columns.length + (trailing ? 1 : 0) }
    this.#longest = longestSourceRecord(file.maximumFieldSize)
    this.#toSkip = skipLines
  }

  add(chunk: Buffer): void {
    this.#reserve(chunk.length)
    chunk.copy(this.#buffer, this.#end)
    this.#end += chunk.length
    if (this.#end < this.#needed) return
    this.#keepFrom(this.#scan(false))
  }

  /** No more records are wanted. */
  get isDone(): boolean {
    return this.#wanted <= 0
  }

  finish(): void {
    this.#scan(true)
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end + size))
    this.#buffer.copy(larger, 0, 0, this.#end)
    this.#buffer = larger
  }

  #keepFrom(at: number): void {
    this.#buffer.copyWithin(0, at, this.#end)
    this.#end -= at
    if (this.#end > this.#longest) throw new LineTooLongError(this.#file.name, this.#line, this.#longest)
    // A record of many chunks is looked at again only when it has grown by half.
    this.#needed = at === 0 ? this.#end + (this.#end >> 1) : 0
  }

  /** Takes all whole records and returns where the first that is not whole starts. */
  #scan(last: boolean): number {
    let at = this.#skipLines()
    if (at === -1) return 0
    const end = this.#end
    this.#suspect = !isUtf8(this.#buffer.subarray(at, last ? end : this.#lastLineEnd(end)))
    while (at < end && !this.isDone) {
      const behindHeader = this.#header !== undefined
      const next = this.#record(at, end, last)
      if (next === -1) break
      if (behindHeader) this.#wanted--
      at = next
    }
    return at
  }

  /** No record that is whole ends after this. */
  #lastLineEnd(end: number): number {
    if (end === 0) return 0
    const feed = this.#buffer.lastIndexOf(0x0a, end - 1)
    const ret = this.#shape.lineEnds === 'cr' ? this.#buffer.lastIndexOf(0x0d, end - 1) : -1
    return Math.max(feed, ret) + 1
  }

  /** Past the lines before the header; -1 when they are not whole yet. */
  #skipLines(): number {
    let at = 0
    const bytes = this.#buffer.subarray(0, this.#end)
    while (this.#toSkip > 0) {
      const next = nextLine(bytes, at, this.#shape.lineEnds)
      if (next >= this.#end) return -1
      at = next
      this.#toSkip--
      this.#line++
    }
    return at
  }

  /** Handles the record at `at`; where the next one starts, or -1 when it is not whole yet. */
  #record(at: number, end: number, last: boolean): number {
    const start = afterMarks(this.#buffer, at, end)
    if (start === end) return last ? end : -1
    const parser = this.#parser
    const found = parser.parse(this.#buffer, start, end, last)
    if (found === outcome.incomplete) return -1
    if (found === outcome.violation) return this.#violation(start, end, last)
    if (start > at && this.#header !== undefined) this.marks++
    const next = parser.next
    const lines = 1 + parser.breaks
    if (this.#header === undefined) {
      this.#header = Buffer.from(this.#buffer.subarray(start, parser.contentEnd))
    } else if (found === outcome.record || this.#shape.columns === 1) {
      const resumed = this.#row(start, this.#header)
      if (resumed !== next) return resumed
    }
    this.#line += lines
    return next
  }

  /** Hands a record over; where to go on, which is inside it when only its first line was left out. */
  #row(at: number, header: Buffer): number {
    const parser = this.#parser
    if (parser.breaks > 0 && this.#file.quotedLineBreaks === 'check') {
      const resumed = this.#spanning(at)
      if (resumed !== -1) return resumed
    }
    if (isSame(this.#buffer, at, parser.contentEnd, header)) {
      this.#refused(at, {
        column: null,
        reason: 'the row repeats the header, as in part files that were joined',
      })
      return parser.next
    }
    const trouble = this.#misshapen() ?? this.#trouble(at)
    if (trouble !== undefined) {
      this.#reject(at, parser.contentEnd, trouble.column, trouble.reason)
      return parser.next
    }
    const { columns } = this.#file.header
    if (parser.count < columns.length) parser.fill(columns.length)
    else parser.count = columns.length
    const refused = this.#sink.row(this.#buffer, parser, this.#line)
    if (refused !== undefined) this.#refused(at, refused)
    return parser.next
  }

  /** What is wrong with the fields of a row, whatever stands in them. */
  #misshapen(): RowTrouble | undefined {
    const parser = this.#parser
    if ((parser.any & (flag.strayQuote | flag.doubled)) !== 0) {
      this.excelTexts += takeOutExcelTexts(this.#buffer, parser)
      const field = fieldWithBlankBeforeQuote(this.#buffer, parser)
      const reason = 'a blank stands before the quote that opens the field'
      if (field !== undefined) return { column: this.#file.header.columns[field] ?? null, reason }
    }
    return this.#fits() ? undefined : { column: null, reason: this.#raggedReason() }
  }

  #fits(): boolean {
    const { count, starts, ends } = this.#parser
    const { columns } = this.#shape
    if (this.#file.shortRows === 'fill' && count < columns) return true
    if (count !== columns) return false
    return !this.#file.header.trailing || starts[columns - 1] === ends[columns - 1]
  }

  /** A row that somebody has read and does not take is whole, even where no line feed follows it. */
  #refused(at: number, { column, reason, cutOff = false }: RowTrouble): void {
    this.#parser.unterminated &&= cutOff
    this.#reject(at, this.#parser.contentEnd, column, reason)
  }

  #raggedReason(): string {
    const { count } = this.#parser
    const { columns, trailing } = this.#file.header
    const behind = trailing ? ', and other rows end with an empty field' : ''
    return `the row has ${count} ${count === 1 ? 'field' : 'fields'}, the header ${columns.length}${behind}`
  }

  #trouble(at: number): RowTrouble | undefined {
    const parser = this.#parser
    if ((parser.any & (flag.nul | flag.strayReturn)) === 0 && !this.#suspect) return undefined
    if (this.#suspect && !isUtf8(this.#buffer.subarray(at, parser.contentEnd))) {
      const column = this.#columnWhere((start, end) => !isUtf8(this.#buffer.subarray(start, end)))
      return { column, reason: `the text is not valid in the encoding of the file, ${this.#file.encoding}` }
    }
    if ((parser.any & flag.nul) !== 0) {
      return { column: this.#columnWith(flag.nul), reason: 'the row holds a NUL character' }
    }
    if ((parser.any & flag.strayReturn) !== 0) {
      return {
        column: this.#columnWith(flag.strayReturn),
        reason: 'the row holds a carriage return without line feed',
      }
    }
    return undefined
  }

  #columnWith(wanted: number): string | null {
    const field = this.#parser.flags
      .subarray(0, this.#parser.count)
      .findIndex((flags) => (flags & wanted) !== 0)
    return this.#file.header.columns[field] ?? null
  }

  #columnWhere(holds: (start: number, end: number) => boolean): string | null {
    const { starts, ends, count } = this.#parser
    for (let field = 0; field < count; field++) {
      if (holds(starts[field] ?? 0, ends[field] ?? 0)) return this.#file.header.columns[field] ?? null
    }
    return null
  }

  /** A record over several physical lines; -1 when it may be handled like any other. */
  #spanning(at: number): number {
    const { starts, ends, count, next } = this.#parser
    const fits = count === this.#shape.columns
    const openedAt = firstSpanningQuote(this.#buffer, starts, ends, count)
    const verdict = judgeSpanning({ buffer: this.#buffer, start: at, next, openedAt, fits }, this.#shape)
    if (verdict.kind === 'accept' || verdict.kind === 'leave-out-record') return -1
    return this.#follow(verdict, at)
  }

  #violation(at: number, end: number, last: boolean): number {
    const { openedAt, violationAt, violation } = this.#parser
    const verdict = judgeViolation(
      { buffer: this.#buffer, start: at, openedAt, violationAt, violation, end, last },
      this.#shape,
    )
    if (verdict.kind === 'more') return -1
    if (violation === 'never-closed' && verdict.kind === 'refuse') {
      throw new CutOffFileError(this.#file.name, this.#line, 'a quote is open at its end')
    }
    return this.#follow(verdict, at)
  }

  #follow(verdict: Verdict, at: number): number {
    if (this.#header === undefined || verdict.kind === 'refuse') {
      const lines = verdict.kind === 'refuse' ? verdict.lines : 1
      const reason = verdict.kind === 'refuse' ? verdict.reason : 'is in the header'
      throw new BrokenQuotesError(this.#file.name, this.#line, this.#line + lines - 1, reason)
    }
    if (verdict.kind !== 'leave-out-line') return -1
    const { line, reason } = verdict
    this.#parser.unterminated = line.next === line.end
    this.#reject(at, line.end, null, reason)
    this.#line++
    return line.next
  }

  #reject(start: number, end: number, column: string | null, reason: string): void {
    const { name, header } = this.#file
    if (this.#parser.unterminated) throw new CutOffFileError(name, this.#line, reason)
    const text = this.#buffer.toString('utf8', start, end)
    this.#sink.reject(badRow({ file: name, line: this.#line, column, reason }, text, header.separator))
  }
}
