/**
 * Proves a file clean enough for the fast way, at a cost far below that of reading its fields.
 *
 * DuckDB's reader and our own agree on clean files; on others they do not, and DuckDB's may lose
 * rows without a word. So anything out of the ordinary is a doubt, and a file in doubt takes the
 * careful way. Only lines with quotes are looked at field by field; rows with too few or too many
 * fields are left to DuckDB, which refuses them loudly.
 *
 * @module
 */
import { Buffer, isAscii } from 'node:buffer'
import { firstSpanningQuote, judgeSpanning } from './judge-record.ts'
import type { Header } from './read-header.ts'
import { flag, outcome, RecordParser } from './record-parser.ts'

/** What the fast way needs to know about a clean file. */
export interface CleanFile {
  /** Records after the header. */
  readonly records: number
  /** Some quoted field holds a line break. */
  readonly multiline: boolean
  /** Some field must be quoted, or may have to be, in the output. */
  readonly quotes: boolean
  /** There is a `#`: DuckDB's writer quotes fields that hold one. */
  readonly hash: boolean
}

/** DuckDB reads lines up to two million bytes unless told otherwise. */
const longestLine = 1 << 20

const feed = 0x0a
const ret = 0x0d

export class CleanInspector {
  readonly #parser: RecordParser
  readonly #header: Header
  readonly #separator: number
  #rest: Buffer = Buffer.alloc(0)
  #records = 0
  #multiline = false
  #quotes: boolean
  #hash = false
  #returns: boolean | undefined
  #astral = false
  #highBasic = false
  #doubt: string | undefined

  constructor(header: Header, maximumFieldSize: number) {
    this.#header = header
    this.#separator = header.separator.charCodeAt(0)
    this.#quotes = header.separator !== ','
    this.#parser = new RecordParser({ ...header, maximumFieldSize })
    if (header.skipLines > 0) this.#doubt = 'lines before the header'
    if (header.lineEnds !== 'lf') this.#doubt = 'unusual line ends'
    if (header.columns.length < 2) this.#doubt = 'a single column'
  }

  /** Why the file cannot take the fast way, as far as is known. */
  get doubt(): string | undefined {
    return this.#doubt
  }

  add(chunk: Buffer): void {
    if (this.#doubt !== undefined) return
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const used = this.#inspect(bytes, false)
    this.#rest = Buffer.from(bytes.subarray(used))
    if (this.#rest.length > longestLine) this.#doubt = 'a long line'
    this.#lookForOrder(chunk)
  }

  /** The end of the file was reached: what is known of it, or `undefined` when it is in doubt. */
  finish(): CleanFile | undefined {
    if (this.#doubt === undefined && this.#rest.length > 0) this.#inspect(this.#rest, true)
    if (this.#doubt !== undefined || this.#records === 0) return undefined
    return { records: this.#records - 1, multiline: this.#multiline, quotes: this.#quotes, hash: this.#hash }
  }

  /** UTF-8 does not sort like UTF-16 where both kinds of characters occur. */
  #lookForOrder(chunk: Buffer): void {
    if (isAscii(chunk)) return
    this.#astral ||= [0xf0, 0xf1, 0xf2, 0xf3, 0xf4].some((lead) => chunk.includes(lead))
    this.#highBasic ||= [0xee, 0xef].some((lead) => chunk.includes(lead))
    if (this.#astral && this.#highBasic) this.#doubt = 'characters of doubtful order'
  }

  /** Counts the whole records; returns where the first that is not whole starts. */
  #inspect(bytes: Buffer, last: boolean): number {
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      // Most bytes are letters, digits, separators or blanks.
      if (byte > 0x23 || byte === 0x20) continue
      const next = this.#mark(bytes, start, at, last)
      if (next === -1) return start
      if (this.#doubt !== undefined) return bytes.length
      if (next > at) at = next - 1
      start = next
    }
    if (last && start < bytes.length) {
      this.#countFields(bytes, start, bytes.length)
      this.#records++
    }
    return start
  }

  /** Looks at a byte that is not plain text; where the current record starts then, -1 when more is needed. */
  #mark(bytes: Buffer, start: number, at: number, last: boolean): number {
    const byte = bytes[at] ?? 0
    if (byte === 0x22) return this.#quotedRecord(bytes, start, last)
    if (byte !== feed) {
      this.#unusual(bytes, byte, at, last)
      return start
    }
    this.#lineEnd(bytes, start, at)
    return at + 1
  }

  #lineEnd(bytes: Buffer, start: number, at: number): void {
    const withReturn = at > start && bytes[at - 1] === ret
    this.#returns ??= withReturn
    if (withReturn !== this.#returns) this.#doubt = 'mixed line ends'
    const end = at - (withReturn ? 1 : 0)
    if (end === start) this.#doubt = 'an empty line'
    if (bytes[end - 1] === this.#separator) this.#countFields(bytes, start, end)
    if (at - start > longestLine) this.#doubt = 'a long line'
    this.#records++
  }

  /** DuckDB takes one separator too many at the end of a line without a word. */
  #countFields(bytes: Buffer, start: number, end: number): void {
    const found = this.#parser.parse(bytes, start, end, true)
    if (found !== outcome.record || this.#parser.count !== this.#header.columns.length)
      this.#doubt = 'a ragged line'
  }

  #unusual(bytes: Buffer, byte: number, at: number, last: boolean): void {
    if (byte === 0x23) this.#hash = true
    else if (byte === 0) this.#doubt = 'a NUL character'
    else if (byte === ret && bytes[at + 1] !== feed && (last || at + 1 < bytes.length)) {
      this.#doubt = 'a lone carriage return'
    }
  }

  /** A record with quotes, from `start`; where the next one starts, -1 when it is not whole yet. */
  #quotedRecord(bytes: Buffer, start: number, last: boolean): number {
    const parser = this.#parser
    const found = parser.parse(bytes, start, bytes.length, last)
    if (found === outcome.incomplete) return -1
    this.#quotes = true
    const { any, count, next } = parser
    const doubtful = flag.nul | flag.strayReturn | flag.strayQuote
    if (found !== outcome.record || (any & doubtful) !== 0 || count !== this.#header.columns.length) {
      this.#doubt = 'doubtful quotes'
      return next
    }
    if (parser.breaks > 0) this.#spanning(bytes, start)
    if (bytes.subarray(start, next).includes(0x23)) this.#hash = true
    if (parser.unterminated) this.#records++
    else this.#lineEnd(bytes, start, next - 1)
    return next
  }

  #spanning(bytes: Buffer, start: number): void {
    this.#multiline = true
    const { starts, ends, count, next } = this.#parser
    const openedAt = firstSpanningQuote(bytes, starts, ends, count)
    const verdict = judgeSpanning(
      { buffer: bytes, start, next, openedAt, fits: true },
      { ...this.#header, columns: this.#header.columns.length },
    )
    // The header is one of the records: with line breaks in it, DuckDB would have to skip more.
    if (verdict.kind !== 'accept' || this.#records === 0) this.#doubt = 'doubtful line breaks'
  }
}
