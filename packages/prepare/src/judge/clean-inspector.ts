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
import { dosEnd } from '../read/dos-end.ts'
import { Carry } from '../read/read-chunks.ts'
import type { Header } from '../read/read-header.ts'
import { flag, outcome, RecordParser } from '../read/record-parser.ts'
import type { CleanFile } from '../read/source-table.ts'
import { mayBeExcelText } from './excel-text.ts'
import { isComposed } from './is-composed.ts'
import { firstSpanningQuote, judgeSpanning } from './judge-record.ts'
import { isMark, isSame } from './odd-rows.ts'

/** DuckDB reads lines up to two million bytes by default. */
const longestLine = 1 << 20

const feed = 0x0a
const ret = 0x0d
const quote = 0x22

export class CleanInspector {
  readonly #parser: RecordParser
  readonly #header: Header
  readonly #separator: number
  readonly #carry = new Carry()
  #records = 0
  #multiline = false
  #quotes: boolean
  #hash = false
  #returns: boolean | undefined
  #astral = false
  #highBasic = false
  #someReturn = false
  readonly #maximumFieldSize: number
  /** Its bytes, once it was seen. */
  #headerLine: Buffer | undefined
  #composed = true
  #doubt: string | undefined

  constructor(header: Header, maximumFieldSize: number) {
    this.#header = header
    this.#maximumFieldSize = maximumFieldSize
    this.#separator = header.separator.charCodeAt(0)
    this.#quotes = header.separator !== ','
    this.#parser = new RecordParser({ ...header, maximumFieldSize })
    if (header.trailing) this.#doubt = 'a separator at the end of each row'
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
    const bytes = this.#carry.add(chunk)
    this.#lookAtBytes(chunk)
    if (this.#doubt === undefined) this.#carry.keepFrom(this.#inspectWhole(bytes))
    if (this.#carry.rest.length > longestLine) this.#doubt = 'a long line'
  }

  /** The end of the file was reached: what is known of it, or `undefined` when it is in doubt. */
  finish(): CleanFile | undefined {
    const { rest } = this.#carry
    if (this.#doubt === undefined && rest.length > 0) {
      this.#inspect(rest, true)
      this.#composed &&= isComposed(rest)
    }
    if (this.#doubt !== undefined || this.#records === 0) return undefined
    return {
      records: this.#records - 1,
      multiline: this.#multiline,
      quotes: this.#quotes,
      hash: this.#hash,
      composed: this.#composed,
    }
  }

  /** As `inspect`, of the records that are whole. */
  #inspectWhole(bytes: Buffer): number {
    const end = this.#inspect(bytes, false)
    this.#composed &&= isComposed(bytes.subarray(0, end))
    return end
  }

  /** What native searches over the piece can tell. */
  #lookAtBytes(chunk: Buffer): void {
    if (chunk.includes(0)) this.#doubt = 'a NUL character'
    this.#hash ||= chunk.includes(0x23)
    this.#someReturn ||= chunk.includes(ret)
    if (isAscii(chunk)) return
    // UTF-8 does not sort like UTF-16 where both kinds of characters occur.
    this.#astral ||= [0xf0, 0xf1, 0xf2, 0xf3, 0xf4].some((lead) => chunk.includes(lead))
    this.#highBasic ||= [0xee, 0xef].some((lead) => chunk.includes(lead))
    if (this.#astral && this.#highBasic) this.#doubt = 'characters of doubtful order'
  }

  /** Counts the whole records; returns where the first that is not whole starts. */
  #inspect(bytes: Buffer, last: boolean): number {
    let start = 0
    let quoteAt = find(bytes, quote, 0)
    while (start < bytes.length) {
      const end = find(bytes, feed, start)
      if (quoteAt < end) {
        const next = this.#quotedRecord(bytes, start, quoteAt, last)
        if (next === -1) return start
        start = next
        quoteAt = find(bytes, quote, start)
      } else if (end < bytes.length) {
        this.#lineEnd(bytes, start, end)
        start = end + 1
      } else {
        return last ? this.#lastLine(bytes, start) : start
      }
      if (this.#doubt !== undefined) return bytes.length
    }
    return start
  }

  #lastLine(bytes: Buffer, start: number): number {
    this.#countFields(bytes, start, bytes.length)
    if (bytes[bytes.length - 1] === dosEnd) this.#doubt = 'the end of a DOS file'
    if (this.#someReturn && bytes.includes(ret, start)) this.#doubt = 'a lone carriage return'
    this.#lookAtRecord(bytes, start, bytes.length)
    return bytes.length
  }

  #lineEnd(bytes: Buffer, start: number, at: number): void {
    const withReturn = at > start && bytes[at - 1] === ret
    this.#returns ??= withReturn
    if (withReturn !== this.#returns) this.#doubt = 'mixed line ends'
    const end = at - (withReturn ? 1 : 0)
    if (this.#someReturn && find(bytes, ret, start) < end) this.#doubt = 'a lone carriage return'
    if (end === start) this.#doubt = 'an empty line'
    if (this.#endsEmpty(bytes, end)) this.#countFields(bytes, start, end)
    if (at - start > longestLine) this.#doubt = 'a long line'
    this.#lookAtRecord(bytes, start, end)
  }

  /** What is no row: the careful way knows what it is. */
  #lookAtRecord(bytes: Buffer, start: number, end: number): void {
    if (this.#headerLine === undefined) this.#headerLine = Buffer.from(bytes.subarray(start, end))
    else if (isSame(bytes, start, end, this.#headerLine)) this.#doubt = 'the header once more'
    else if (isMark(bytes, start)) this.#doubt = 'a byte order mark in the middle'
    this.#records++
  }

  #endsEmpty(bytes: Buffer, end: number): boolean {
    const quoted = bytes[end - 1] === quote && bytes[end - 2] === quote
    return bytes[quoted ? end - 3 : end - 1] === this.#separator
  }

  /** DuckDB takes one field too many at the end of a line without a word when it is empty. */
  #countFields(bytes: Buffer, start: number, end: number): void {
    const line = bytes.subarray(start, end)
    if (this.#fieldsOf(line) !== this.#header.columns.length) this.#doubt = 'a ragged line'
  }

  #fieldsOf(line: Buffer): number {
    if (line.includes(quote)) {
      return this.#parser.parse(line, 0, line.length, true) === outcome.record ? this.#parser.count : 0
    }
    let count = 1
    for (let at = 0; at < line.length; at++) if (line[at] === this.#separator) count++
    return count
  }

  /**
   * A record with quotes, the first at `quoteAt`; where the next one starts, -1 when it is not whole
   * yet. Goes from quote to quote; only a field with line breaks needs the parser.
   */
  #quotedRecord(bytes: Buffer, start: number, quoteAt: number, last: boolean): number {
    this.#quotes = true
    let open = quoteAt
    for (;;) {
      const close = closingQuote(bytes, open)
      const end = find(bytes, feed, open)
      if (end < close) return this.#longRecord(bytes, start, last)
      if (close + 2 >= bytes.length && !last) return -1
      if (close >= bytes.length) return this.#refuse(bytes, 'an open quote')
      const doubt = this.#doubtfulField(bytes, start, open, close)
      if (doubt !== undefined) return this.#refuse(bytes, doubt)
      const next = find(bytes, quote, close + 1)
      if (next >= end) return this.#endRecord(bytes, start, end, last)
      open = next
    }
  }

  /** What is wrong with the quoted field, within its line; nothing follows it only where the file ends. */
  #doubtfulField(bytes: Buffer, start: number, open: number, close: number): string | undefined {
    if (open > start && bytes[open - 1] !== this.#separator) return 'a quote inside a field'
    if (close - open > this.#maximumFieldSize) return 'a long field'
    if (mayBeExcelText(bytes, open)) return 'a text for Excel'
    const after = bytes[close + 1]
    const ends =
      after === undefined ||
      after === this.#separator ||
      after === feed ||
      (after === ret && bytes[close + 2] === feed)
    return ends ? undefined : 'text after a quote'
  }

  #refuse(bytes: Buffer, doubt: string): number {
    this.#doubt = doubt
    return bytes.length
  }

  #endRecord(bytes: Buffer, start: number, end: number, last: boolean): number {
    if (end < bytes.length) {
      this.#lineEnd(bytes, start, end)
      return end + 1
    }
    return last ? this.#lastLine(bytes, start) : -1
  }

  /** A record over several lines, or one that is not whole yet. */
  #longRecord(bytes: Buffer, start: number, last: boolean): number {
    const parser = this.#parser
    const found = parser.parse(bytes, start, bytes.length, last)
    if (found === outcome.incomplete) return -1
    const { any, count, next } = parser
    const doubtful = flag.nul | flag.strayReturn | flag.strayQuote
    if (found !== outcome.record || (any & doubtful) !== 0 || count !== this.#header.columns.length) {
      return this.#refuse(bytes, 'doubtful quotes')
    }
    for (let field = 0; field < count; field++) {
      if (mayBeExcelText(bytes, (parser.starts[field] ?? 0) - 1)) this.#doubt = 'a text for Excel'
    }
    if (isMark(bytes, start)) this.#doubt = 'a byte order mark in the middle'
    this.#spanning(bytes, start)
    if (!parser.unterminated && (bytes[next - 2] === ret) !== this.#returns) this.#doubt = 'mixed line ends'
    this.#records++
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

/** Where the byte comes next; the length when it does not. */
function find(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at === -1 ? bytes.length : at
}

/** Where the field opened at `open` closes; the length when it does not. */
function closingQuote(bytes: Buffer, open: number): number {
  let at = open + 1
  for (;;) {
    while (at < bytes.length && bytes[at] !== quote) at++
    if (bytes[at + 1] !== quote || at >= bytes.length) return at
    at += 2
  }
}
