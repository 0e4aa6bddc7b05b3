/**
 * A prepared file read front to back by two readers at once: in large equal stretches, and row by row
 * where it differs from the other file.
 *
 * The window holds the bytes at hand; records are found in it only where somebody asks. While it reads it
 * takes the sum of the whole file, so that a file and what is made of it are known to belong together.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { Carry, readChunks } from '../read/read-chunks.ts'
import { flag, outcome, RecordParser } from '../read/record-parser.ts'
import { partSeparator, sortKeySize, writeSortKey } from '../write/sort-key.ts'

/** Bytes. What prepare writes is shorter. */
export const longestRecord = 512 << 20

const feed = 0x0a
const quote = 0x22

export class SortedWindow {
  /** The bytes at hand; what lies before `at` is done with. */
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  /** There are no bytes behind those at hand. */
  ended = false
  /** Of the record last looked at: where the next one starts. */
  next = 0
  /** The record last looked at breaks the rules of quotes. */
  broken = false
  /** The record last looked at is longer than memory should hold. */
  tooLong = false
  /** Of the record last looked at: its key, in ordinal order byte by byte. */
  key: Buffer = Buffer.alloc(0)

  readonly #chunks: AsyncIterator<Buffer>
  readonly #carry = new Carry()
  readonly #hash = createHash('sha256')
  readonly #parser = new RecordParser({ separator: ',', lineEnds: 'lf', maximumFieldSize: 1 << 30 })
  readonly #keyColumns: readonly number[]
  #keyBytes: Buffer = Buffer.alloc(256)

  constructor(path: string, keyColumns: readonly number[]) {
    this.#chunks = readChunks(path)[Symbol.asyncIterator]()
    this.#keyColumns = keyColumns
  }

  get done(): boolean {
    return this.ended && this.at === this.bytes.length
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  /** Reads on; everything from `at` stays at hand. */
  async more(): Promise<void> {
    this.#carry.keepFrom(this.at)
    this.at = 0
    const step = await this.#chunks.next()
    if (step.done === true) {
      this.ended = true
      this.bytes = this.#carry.rest
    } else {
      this.#hash.update(step.value)
      this.bytes = this.#carry.add(step.value)
    }
  }

  /** Past `line`; `false` when the file does not begin with it. */
  async skipHeader(line: Buffer): Promise<boolean> {
    while (this.left < line.length && !this.ended) await this.more()
    if (!this.bytes.subarray(0, line.length).equals(line)) return false
    this.at = line.length
    return true
  }

  /** Finds the record at `at`, with its key; `false` when the bytes there are no record of a prepared file. */
  async look(): Promise<boolean> {
    for (;;) {
      const found = this.#parser.parse(this.bytes, this.at, this.bytes.length, this.ended)
      this.broken = found === outcome.violation
      if (found === outcome.record && !this.#parser.unterminated) return this.#found()
      if (found !== outcome.incomplete || this.ended) return false
      this.tooLong = this.left > longestRecord
      if (this.tooLong) return false
      // A record of many chunks is looked at again only when it has grown by half.
      const enough = this.left + (this.left >> 1)
      do await this.more()
      while (this.left < enough && !this.ended)
    }
  }

  #found(): boolean {
    const { starts, ends, flags, count, next } = this.#parser
    this.next = next
    let size = 0
    for (const column of this.#keyColumns) {
      if (column >= count) return false
      size += sortKeySize((ends[column] ?? 0) - (starts[column] ?? 0)) + 1
    }
    if (size > this.#keyBytes.length) this.#keyBytes = Buffer.alloc(size * 2)
    let to = 0
    for (const column of this.#keyColumns) {
      if (to > 0) this.#keyBytes[to++] = partSeparator
      const doubled = ((flags[column] ?? 0) & flag.doubled) !== 0
      to = writeSortKey(this.bytes, starts[column] ?? 0, ends[column] ?? 0, doubled, this.#keyBytes, to)
    }
    this.key = this.#keyBytes.subarray(0, to)
    return true
  }

  /** The fields of the record last looked at, found or not. */
  get record(): RecordParser {
    return this.#parser
  }

  /** The texts of the key of the record last looked at. */
  keyTexts(): readonly string[] {
    const { starts, ends } = this.#parser
    return this.#keyColumns.map((column) =>
      this.bytes.toString('utf8', starts[column], ends[column]).replaceAll('""', '"'),
    )
  }

  /** Reads to the end; the sum of the whole file. */
  async sum(): Promise<string> {
    while (!this.ended) {
      this.at = this.bytes.length
      await this.more()
    }
    return this.#hash.digest('hex')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.()
  }
}

/**
 * How many bytes of whole records both windows have in common from where they stand. 0 also when what
 * they have in common is no whole record yet.
 */
export function commonRecords(a: SortedWindow, b: SortedWindow): number {
  const length = commonLength(a, b, Math.min(a.left, b.left))
  return lastRecordEnd(a.bytes.subarray(a.at, a.at + length))
}

const smallest = 64
const largest = 1 << 16

/** Compares stretches that grow while they are equal, and halves the one that is not. */
function commonLength(a: SortedWindow, b: SortedWindow, limit: number): number {
  const same = (from: number, size: number) =>
    a.bytes.compare(b.bytes, b.at + from, b.at + from + size, a.at + from, a.at + from + size) === 0
  let length = 0
  let size = 2 * smallest
  let growing = true
  while (length < limit && size > smallest) {
    const stretch = Math.min(size, limit - length)
    if (same(length, stretch)) {
      length += stretch
      if (growing && size < largest) size *= 2
    } else {
      growing = false
    }
    if (!growing) size >>= 1
  }
  while (length < limit && a.bytes[a.at + length] === b.bytes[b.at + length]) length++
  return length
}

/** Where the last whole record of the bytes ends, which begin with a record; 0 when there is none. */
function lastRecordEnd(bytes: Buffer): number {
  let end = 0
  let from = 0
  let quoted = false
  for (;;) {
    const at = bytes.indexOf(quote, from)
    const to = at === -1 ? bytes.length : at
    if (!quoted) {
      const last = bytes.subarray(from, to).lastIndexOf(feed)
      if (last !== -1) end = from + last + 1
    }
    if (at === -1) return end
    quoted = !quoted
    from = at + 1
  }
}
