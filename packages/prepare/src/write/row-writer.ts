/**
 * Writes rows as bytes: the columns of one mapping, in the dialect of the prepared files, and where
 * asked with what the sort needs in front.
 *
 * Prepared files are RFC 4180: comma, LF, quoted only when a field has to be. In the intermediate
 * file a row is one line of three parts (sort key, place in the file, second key if any, the row
 * itself) separated by 0x01, with control characters and line breaks of the row escaped by 0x02; so
 * DuckDB can read and sort it without knowing anything about quotes.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { RecordFields } from '../read/record-fields.ts'
import { flag } from '../read/record-parser.ts'
import type { Respelling } from './respelling.ts'
import { partSeparator, sortKeySize, writeSortKey } from './sort-key.ts'

export const partEnd = 0x01
export const escapeByte = 0x02
/** An escaped byte is written as itself plus this. */
export const escapeShift = 0x40

/** A record with one of these cannot be copied as it stands. */
const notAsWritten = flag.quoted | flag.special | flag.filled

const comma = 0x2c
const quote = 0x22
const lineFeed = 0x0a

/** Positions of key columns are positions in the mapping's columns. */
export class RowWriter {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16)
  #length = 0
  #fields: readonly number[] = []
  /** The fields stand in the file as they do in the output: one copy does for a plain row. */
  #consecutive = false
  #sameSeparator = false
  readonly #respelling: Respelling | undefined
  /** Longest line written so far. */
  longest = 0

  /** `respelling` has taken a record before it is written. */
  constructor(respelling?: Respelling) {
    this.#respelling = respelling
  }

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[], separator: string): void {
    this.#fields = fields
    this.#consecutive = fields.every((field, index) => index === 0 || field === (fields[index - 1] ?? 0) + 1)
    this.#sameSeparator = separator === ','
  }

  get length(): number {
    return this.#length
  }

  /** What was written since the last `clear`. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }

  isEmpty(record: RecordFields, column: number): boolean {
    const field = this.#fields[column] ?? 0
    return record.starts[field] === record.ends[field]
  }

  /** One line of a prepared file. */
  writeRow(buffer: Uint8Array, record: RecordFields): void {
    this.#reserve(record)
    this.#length = this.#row(buffer, record, this.#length)
    this.#bytes[this.#length++] = lineFeed
  }

  /** One line of the intermediate file; `second` are the columns of a second sort, if any. */
  writeKeyedRow(
    buffer: Uint8Array,
    record: RecordFields,
    ordinal: number,
    key: readonly number[],
    second: readonly number[] | undefined,
  ): void {
    this.#reserve(record)
    const start = this.#length
    this.#key(buffer, record, key)
    this.#ordinal(ordinal)
    if (second !== undefined) this.#key(buffer, record, second)
    const rowStart = this.#length
    this.#length = this.#row(buffer, record, rowStart)
    if ((record.any & flag.control) !== 0) this.#escape(rowStart)
    this.#bytes[this.#length++] = lineFeed
    this.longest = Math.max(this.longest, this.#length - start)
  }

  #reserve(record: RecordFields): void {
    // Keys up to twice, the row quoted and escaped: the fields may be anywhere in the record.
    let size = 64 + 8 * this.#fields.length
    for (const text of this.#respelling?.texts ?? []) size += 4 * (text?.length ?? 0)
    for (const field of this.#fields) {
      size += 4 * ((record.ends[field] ?? 0) - (record.starts[field] ?? 0)) + 2 * sortKeySize(0)
    }
    size *= 2
    if (this.#length + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  #key(buffer: Uint8Array, record: RecordFields, columns: readonly number[]): void {
    let to = this.#length
    for (let index = 0; index < columns.length; index++) {
      if (index > 0) this.#bytes[to++] = partSeparator
      const column = columns[index] ?? 0
      const text = this.#respelling?.texts[column]
      if (text !== undefined) {
        to = writeSortKey(text, 0, text.length, false, this.#bytes, to)
        continue
      }
      const field = this.#fields[column] ?? 0
      const doubled = ((record.flags[field] ?? 0) & flag.doubled) !== 0
      to = writeSortKey(buffer, record.starts[field] ?? 0, record.ends[field] ?? 0, doubled, this.#bytes, to)
    }
    this.#bytes[to++] = partEnd
    this.#length = to
  }

  #ordinal(ordinal: number): void {
    this.#length += this.#bytes.write(String(ordinal), this.#length, 'latin1')
    this.#bytes[this.#length++] = partEnd
  }

  #row(buffer: Uint8Array, record: RecordFields, at: number): number {
    const fields = this.#fields
    if (this.#respelling?.any === true) return this.#respelled(buffer, record, at)
    if (this.#consecutive && this.#sameSeparator && (record.any & notAsWritten) === 0) {
      const first = record.starts[fields[0] ?? 0] ?? 0
      return copyBytes(buffer, first, record.ends[fields.at(-1) ?? 0] ?? 0, this.#bytes, at)
    }
    let to = at
    for (const field of fields) {
      to = this.#field(buffer, record, field, to)
      this.#bytes[to++] = comma
    }
    return to - 1
  }

  #respelled(buffer: Uint8Array, record: RecordFields, at: number): number {
    let to = at
    for (const [column, field] of this.#fields.entries()) {
      const text = this.#respelling?.texts[column]
      if (text === undefined) to = this.#field(buffer, record, field, to)
      else if (isSpecial(text)) to = writeQuoted(text, 0, text.length, false, this.#bytes, to)
      else to = copyBytes(text, 0, text.length, this.#bytes, to)
      this.#bytes[to++] = comma
    }
    return to - 1
  }

  #field(buffer: Uint8Array, record: RecordFields, field: number, at: number): number {
    const start = record.starts[field] ?? 0
    const end = record.ends[field] ?? 0
    const flags = record.flags[field] ?? 0
    if ((flags & flag.special) === 0) return copyBytes(buffer, start, end, this.#bytes, at)
    return writeQuoted(buffer, start, end, (flags & flag.quoted) !== 0, this.#bytes, at)
  }

  #escape(start: number): void {
    const row = Buffer.from(this.#bytes.subarray(start, this.#length))
    let to = start
    for (const byte of row) {
      if (byte <= 0x03 || byte === lineFeed || byte === 0x0d) {
        this.#bytes[to++] = escapeByte
        this.#bytes[to++] = byte + escapeShift
      } else {
        this.#bytes[to++] = byte
      }
    }
    this.#length = to
  }
}

/** Whether a field must be quoted to hold these. */
function isSpecial(text: Uint8Array): boolean {
  return text.some((byte) => byte === comma || byte === quote || byte === lineFeed || byte === 0x0d)
}

/** For the short fields of a usual row a loop is faster than a call that copies. */
const worthACall = 64

export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Buffer,
  at: number,
): number {
  if (end - start >= worthACall) {
    target.set(source.subarray(start, end), at)
    return at + end - start
  }
  let to = at
  for (let from = start; from < end; from++) target[to++] = source[from] ?? 0
  return to
}

/** A field in quotes; `raw` says that its quotes are doubled already. */
function writeQuoted(
  source: Uint8Array,
  start: number,
  end: number,
  raw: boolean,
  target: Buffer,
  at: number,
): number {
  let to = at
  target[to++] = quote
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0
    target[to++] = byte
    if (byte === quote && !raw) target[to++] = quote
  }
  target[to++] = quote
  return to
}

/** The header line of a prepared file. */
export function headerLine(columns: readonly string[]): Buffer {
  return Buffer.from(`${columns.map(csvField).join(',')}\n`)
}

/** A text as a field of a prepared file. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
