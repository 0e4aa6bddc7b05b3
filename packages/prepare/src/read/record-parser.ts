/**
 * Finds the fields of one record in a buffer of UTF-8, byte by byte.
 *
 * Our own state machine and not a CSV library: it must never guess (a broken quote is reported, not
 * repaired), must know physical lines, and must keep up with DuckDB. It works on positions and
 * copies nothing; measured at some 300 MB/s.
 *
 * @module
 */

/** What `parse` found. */
export const outcome = { incomplete: 0, record: 1, blank: 2, violation: 3 } as const
export type Outcome = (typeof outcome)[keyof typeof outcome]

/** How a quoted field was broken. */
export type Violation = 'text-after-quote' | 'too-long' | 'never-closed'

/** Facts about a field, or about all fields of a record together. */
export const flag = {
  quoted: 1,
  /** Must be quoted in the output: comma, quote or line break inside. */
  special: 2,
  /** Must be escaped in the intermediate file: control character or line break inside. */
  control: 4,
  /** A quoted field with doubled quotes inside. */
  doubled: 8,
  nul: 16,
  /** A carriage return that ends no line of this file. */
  strayReturn: 32,
  /** A quote in a field that is not quoted: an ordinary character. */
  strayQuote: 64,
  /** Not in the file: the row was shorter than the header. */
  filled: 128,
} as const

/** How physical lines end: at LF (a CR before it belongs to it), or at CR, LF or both. */
export type LineEnds = 'lf' | 'cr'

const ordinary = 0
const lineFeed = 1
const carriageReturn = 2
const separatorKind = 3
const quoteKind = 4
const commaKind = 5
const nulKind = 6
const controlKind = 7

const lineBreak = flag.special | flag.control

/** What a character means for a quoted field, by kind; a quote in it is a doubled one. */
const flagsInside: readonly number[] = [
  0,
  lineBreak,
  lineBreak,
  0,
  flag.special | flag.doubled,
  flag.special,
  flag.nul,
  flag.control,
]

/** What it means for a field that is not quoted. */
const flagsOutside: readonly number[] = [
  0,
  0,
  lineBreak | flag.strayReturn,
  0,
  flag.special | flag.strayQuote,
  flag.special,
  flag.nul,
  flag.control,
]

/** How a field ended. */
const atSeparator = 0
const atLineEnd = 1
const atEnd = 2
const atMore = 3
const atViolation = 4

export interface ParserOptions {
  /** One byte. */
  readonly separator: string
  readonly lineEnds: LineEnds
  /** A quoted field longer than this counts as never closed. */
  readonly maximumFieldSize: number
}

/** After `parse` the public fields describe the record; they are overwritten by the next one. */
export class RecordParser {
  /** Positions of the fields; for quoted ones of what is inside the quotes. */
  starts = new Int32Array(256)
  ends = new Int32Array(256)
  flags = new Uint8Array(256)
  count = 0
  /** All flags of the record together. */
  any = 0
  /** Where the record starts. */
  start = 0
  /** Where the next record starts. */
  next = 0
  /** Where the content of the record ends, before its line end. */
  contentEnd = 0
  /** Physical lines begun inside quoted fields. */
  breaks = 0
  /** Of a violation: the quote that opened the field, and where the trouble shows. */
  openedAt = 0
  violationAt = 0
  violation: Violation = 'text-after-quote'
  /** The record ended with the file, not with a line end. */
  unterminated = false

  readonly #kinds = new Uint8Array(256)
  readonly #inside = Uint8Array.from(flagsInside)
  readonly #outside = Uint8Array.from(flagsOutside)
  readonly #returnEndsLine: boolean
  readonly #maximumFieldSize: number
  #stop = atSeparator

  constructor({ separator, lineEnds, maximumFieldSize }: ParserOptions) {
    for (const byte of [1, 2, 3]) this.#kinds[byte] = controlKind
    this.#kinds[0] = nulKind
    this.#kinds[0x0a] = lineFeed
    this.#kinds[0x0d] = carriageReturn
    this.#kinds[0x22] = quoteKind
    this.#kinds[0x2c] = commaKind
    this.#kinds[separator.charCodeAt(0)] = separatorKind
    this.#inside[separatorKind] = separator === ',' ? flag.special : 0
    this.#returnEndsLine = lineEnds === 'cr'
    this.#maximumFieldSize = maximumFieldSize
  }

  /** Parses the record at `from`; `last` says that nothing follows `end`. */
  parse(buffer: Uint8Array, from: number, end: number, last: boolean): Outcome {
    this.start = from
    this.count = 0
    this.any = 0
    this.breaks = 0
    this.unterminated = false
    let at = from
    do {
      const quoted = at < end && buffer[at] === 0x22
      at = quoted ? this.#quoted(buffer, at, end, last) : this.#plain(buffer, at, end, last)
    } while (this.#stop === atSeparator)
    this.next = at
    if (this.#stop === atMore) return outcome.incomplete
    if (this.#stop === atViolation) return outcome.violation
    this.unterminated = this.#stop === atEnd
    return this.contentEnd === from ? outcome.blank : outcome.record
  }

  /** Adds empty fields until there are `columns`. */
  fill(columns: number): void {
    while (this.count < columns) this.#add(0, 0, flag.filled)
  }

  #plain(buffer: Uint8Array, start: number, end: number, last: boolean): number {
    const kinds = this.#kinds
    let flags = 0
    let at = start
    while (at < end) {
      const kind = kinds[buffer[at] ?? 0] ?? ordinary
      if (kind === separatorKind) return this.#separate(start, at, flags, at + 1)
      if (kind !== ordinary) {
        const next = kind <= carriageReturn ? this.#lineEnd(buffer, at, end, last) : at
        if (next !== at) return this.#closeOrMore(start, at, flags, next)
        flags |= this.#meaning(this.#outside, kind)
      }
      at++
    }
    return last ? this.#finish(start, end, flags) : this.#more(at)
  }

  #quoted(buffer: Uint8Array, open: number, end: number, last: boolean): number {
    const kinds = this.#kinds
    let flags: number = flag.quoted
    let at = open + 1
    const limit = Math.min(end, at + this.#maximumFieldSize)
    while (at < limit) {
      const kind = kinds[buffer[at] ?? 0] ?? ordinary
      if (kind === quoteKind && !isDoubled(buffer, at, end)) {
        return this.#afterQuote(buffer, open, at, end, last, flags)
      }
      if (kind !== ordinary) {
        flags |= this.#meaning(this.#inside, kind)
        if (kind === quoteKind) at++
        else this.#countBreak(buffer, at, kind)
      }
      at++
    }
    return this.#unclosed(open, at, limit === end, last)
  }

  #meaning(flags: Uint8Array, kind: number): number {
    return flags[kind] ?? 0
  }

  /** The field is open where the bytes, or its allowed size, end. */
  #unclosed(open: number, at: number, ended: boolean, last: boolean): number {
    if (ended && !last && at - open <= this.#maximumFieldSize) return this.#more(at)
    return this.#violation(open, at, ended && last ? 'never-closed' : 'too-long')
  }

  /** The closing quote stands at `at`: only a separator, a line end or the end may follow. */
  #afterQuote(
    buffer: Uint8Array,
    open: number,
    at: number,
    end: number,
    last: boolean,
    flags: number,
  ): number {
    if (at + 1 >= end) return last ? this.#finish(open + 1, at, flags, end) : this.#more(at)
    const kind = this.#kinds[buffer[at + 1] ?? 0]
    if (kind === separatorKind) return this.#separate(open + 1, at, flags, at + 2)
    if (kind !== lineFeed && kind !== carriageReturn) return this.#violation(open, at + 1, 'text-after-quote')
    const next = this.#lineEnd(buffer, at + 1, end, last)
    if (next === -1) return this.#more(at)
    if (next === at + 1) return this.#violation(open, at + 1, 'text-after-quote')
    return this.#close(open + 1, at, flags, next, at + 1)
  }

  /** Where the line that ends at `at` is over; `at` itself when it does not end; -1 when not known yet. */
  #lineEnd(buffer: Uint8Array, at: number, end: number, last: boolean): number {
    if (buffer[at] === 0x0a) return at + 1
    if (at + 1 >= end) {
      if (!last) return -1
      return this.#returnEndsLine ? at + 1 : at
    }
    if (buffer[at + 1] === 0x0a) return at + 2
    return this.#returnEndsLine ? at + 1 : at
  }

  #countBreak(buffer: Uint8Array, at: number, kind: number): void {
    const isReturn = kind === carriageReturn && this.#returnEndsLine && buffer[at + 1] !== 0x0a
    if (isReturn || kind === lineFeed) this.breaks++
  }

  #separate(start: number, end: number, flags: number, next: number): number {
    this.#add(start, end, flags)
    this.#stop = atSeparator
    return next
  }

  #add(start: number, end: number, flags: number): void {
    if (this.count === this.starts.length) this.#grow()
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.flags[this.count] = flags
    this.any |= flags
    this.count++
  }

  #grow(): void {
    const size = this.count * 2
    const starts = new Int32Array(size)
    const ends = new Int32Array(size)
    const flags = new Uint8Array(size)
    starts.set(this.starts)
    ends.set(this.ends)
    flags.set(this.flags)
    this.starts = starts
    this.ends = ends
    this.flags = flags
  }

  #close(start: number, end: number, flags: number, next: number, contentEnd = end): number {
    this.#add(start, end, flags)
    this.contentEnd = contentEnd
    this.#stop = atLineEnd
    return next
  }

  #closeOrMore(start: number, end: number, flags: number, next: number): number {
    return next === -1 ? this.#more(end) : this.#close(start, end, flags, next)
  }

  #finish(start: number, end: number, flags: number, contentEnd = end): number {
    this.#add(start, end, flags)
    this.contentEnd = contentEnd
    this.#stop = atEnd
    return contentEnd
  }

  #more(at: number): number {
    this.#stop = atMore
    return at
  }

  #violation(open: number, at: number, violation: Violation): number {
    this.violation = violation
    this.openedAt = open
    this.violationAt = at
    this.#stop = atViolation
    return at
  }
}

function isDoubled(buffer: Uint8Array, at: number, end: number): boolean {
  return at + 1 < end && buffer[at + 1] === 0x22
}
