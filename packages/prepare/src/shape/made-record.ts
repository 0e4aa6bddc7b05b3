/**
 * Writes a record field by field, and knows where each stands: as if it had stood in a file and been found there, without being
 * looked for.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { RecordFields } from '../read/record-fields.ts'
import { flag } from '../read/record-parser.ts'
import { copyBytes } from '../write/row-writer.ts'

const comma = 0x2c
const quote = 0x22
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The flags of a field that hold wherever its bytes are copied to. */
const ofContent = flag.quoted | flag.special | flag.control | flag.doubled | flag.nul

export class MadeRecord implements RecordFields {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly flags: Uint8Array
  any = 0
  readonly start = 0
  contentEnd = 0
  /** In the dialect of prepared files, up to `contentEnd`. */
  bytes: Buffer = Buffer.allocUnsafe(1 << 12)
  #count = 0

  constructor(fields: number) {
    this.starts = new Int32Array(fields)
    this.ends = new Int32Array(fields)
    this.flags = new Uint8Array(fields)
  }

  /** Begins the next record. */
  clear(): void {
    this.#count = 0
    this.any = 0
    this.contentEnd = 0
  }

  /** Adds a field with what another record holds. */
  copy(source: Uint8Array, record: RecordFields, field: number): void {
    const from = record.starts[field] ?? 0
    const end = record.ends[field] ?? 0
    const flags = (record.flags[field] ?? 0) & ofContent
    const quoted = (flags & flag.special) !== 0
    const bytes = this.#begin(end - from + 3)
    let to = this.contentEnd
    // What is not quoted there has no quotes that are doubled.
    if (quoted && (flags & flag.quoted) === 0) {
      this.#quoted(source.subarray(from, end))
      return
    }
    if (quoted) bytes[to++] = quote
    const start = to
    to = copyBytes(source, from, end, bytes, to)
    this.#end(start, to, quoted ? flags : flags & ~flag.quoted)
  }

  /** Adds a field that holds `text`. */
  add(text: string): void {
    const { length } = text
    const bytes = this.#begin(3 * length + 3)
    const start = this.contentEnd
    let flags = 0
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) {
        this.#encoded(text)
        return
      }
      if (code <= comma) flags |= meaning(code)
      bytes[start + index] = code
    }
    if ((flags & flag.special) === 0) this.#end(start, start + length, flags)
    else this.#quoted(Buffer.from(text))
  }

  #encoded(text: string): void {
    const start = this.contentEnd
    const end = start + this.bytes.write(text, start, 'utf8')
    let flags = 0
    for (let at = start; at < end; at++) flags |= meaning(this.bytes[at] ?? 0)
    if ((flags & flag.special) === 0) this.#end(start, end, flags)
    else this.#quoted(Buffer.from(this.bytes.subarray(start, end)))
  }

  /** A field that must be quoted, with its quotes doubled. */
  #quoted(content: Uint8Array): void {
    const bytes = this.#reserve(2 * content.length + 3)
    let to = this.contentEnd
    let flags: number = flag.quoted
    bytes[to++] = quote
    const start = to
    for (const byte of content) {
      flags |= meaning(byte)
      bytes[to++] = byte
      if (byte === quote) bytes[to++] = quote
    }
    this.#end(start, to, flags)
  }

  #begin(size: number): Buffer {
    const bytes = this.#reserve(size + 1)
    if (this.#count > 0) bytes[this.contentEnd++] = comma
    return bytes
  }

  #end(start: number, end: number, flags: number): void {
    const field = this.#count++
    this.starts[field] = start
    this.ends[field] = end
    this.flags[field] = flags
    this.any |= flags
    if ((flags & flag.quoted) !== 0) this.bytes[end] = quote
    this.contentEnd = (flags & flag.quoted) === 0 ? end : end + 1
  }

  #reserve(size: number): Buffer {
    const wanted = this.contentEnd + size
    if (wanted > this.bytes.length) {
      const larger = Buffer.allocUnsafe(2 * wanted)
      this.bytes.copy(larger, 0, 0, this.contentEnd)
      this.bytes = larger
    }
    return this.bytes
  }
}

/** Of a byte at most as large as a comma. */
function meaning(byte: number): number {
  switch (byte) {
    case comma:
      return flag.special
    case quote:
      return flag.special | flag.doubled
    case lineFeed:
    case carriageReturn:
      return flag.special | flag.control
    case 0:
      return flag.nul
    default:
      return byte <= 3 ? flag.control : 0
  }
}
