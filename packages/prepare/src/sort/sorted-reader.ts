/**
 * Reads a sorted file that DuckDB wrote: its sum, its rows, whether a key comes twice, and whether every name of a resource is in
 * its one spelling.
 *
 * A line without quotes is looked at only as far as the last of these columns; others are parsed.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Projection } from '../projection.ts'
import { Carry } from '../read/read-chunks.ts'
import { outcome, RecordParser } from '../read/record-parser.ts'
import { type InOwnSpelling, inOwnSpelling } from './own-spelling.ts'

export interface SortedFile {
  readonly rows: number
  readonly size: number
  readonly sha256: string
}

const comma = 0x2c
const feed = 0x0a
const quote = 0x22

export class SortedReader {
  readonly #hash = createHash('sha256')
  readonly #parser = new RecordParser({ separator: ',', lineEnds: 'lf', maximumFieldSize: 1 << 30 })
  /** First and last key column: they stand side by side. */
  readonly #firstKey: number
  readonly #lastKey: number
  /** By column. */
  readonly #spelled: ReadonlyMap<number, InOwnSpelling>
  /** The last column that is looked at. */
  readonly #last: number
  readonly #multiline: boolean
  readonly #carry = new Carry()
  #key: Buffer = Buffer.alloc(0)
  #headerSeen = false
  #rows = 0
  #size = 0
  /** A key came twice, or a name in another spelling. */
  #unfit = false
  /** Of the key found last. */
  #keyStart = 0
  #keyEnd = 0

  constructor({ unique, spelled }: Projection, multiline: boolean) {
    this.#firstKey = Math.min(...unique)
    this.#lastKey = Math.max(...unique)
    this.#spelled = new Map(spelled.map(({ column, spelling }) => [column, inOwnSpelling(spelling)]))
    this.#last = Math.max(this.#lastKey, ...this.#spelled.keys())
    this.#multiline = multiline
  }

  add(chunk: Buffer): void {
    this.#hash.update(chunk)
    this.#size += chunk.length
    if (this.#unfit) return
    this.#carry.keepFrom(this.#take(this.#carry.add(chunk)))
  }

  /** The end was reached; `undefined` when it must be made the careful way. */
  finish(): SortedFile | undefined {
    if (this.#unfit || this.#carry.rest.length > 0) return undefined
    return { rows: this.#rows, size: this.#size, sha256: this.#hash.digest('hex') }
  }

  #take(bytes: Buffer): number {
    let at = 0
    // The key before stands in these bytes, except for the first line.
    let before: Buffer = this.#key
    let start = 0
    let end = this.#key.length
    for (;;) {
      const next = this.#line(bytes, at)
      if (next === -1) break
      if (this.#headerSeen) {
        if (this.#rows > 0 && sameBytes(before, start, end, bytes, this.#keyStart, this.#keyEnd))
          this.#unfit = true
        this.#rows++
        before = bytes
        start = this.#keyStart
        end = this.#keyEnd
      }
      this.#headerSeen = true
      at = next
    }
    if (before === bytes) this.#key = Buffer.from(bytes.subarray(start, end))
    return at
  }

  /** Finds the key of the line at `at`; where the next line starts, -1 when it is not whole yet. */
  #line(bytes: Buffer, at: number): number {
    if (this.#multiline || !this.#headerSeen) return this.#parsedLine(bytes, at)
    const end = bytes.indexOf(feed, at)
    if (end === -1) return -1
    let column = 0
    let start = at
    for (let to = at; to <= end; to++) {
      const byte = bytes[to]
      if (byte === quote) return this.#parsedLine(bytes, at)
      if (byte !== comma && to !== end) continue
      this.#field(bytes, column, start, to)
      if (column === this.#last) return end + 1
      column++
      start = to + 1
    }
    return this.#parsedLine(bytes, at)
  }

  #parsedLine(bytes: Buffer, at: number): number {
    if (at >= bytes.length) return -1
    const parser = this.#parser
    if (parser.parse(bytes, at, bytes.length, false) !== outcome.record) return -1
    // With their quotes: a field is written in one way only, so equal keys are equal bytes.
    for (let column = 0; column <= this.#last; column++) {
      // Of the header only the places count.
      if (this.#headerSeen) this.#field(bytes, column, parser.starts[column] ?? 0, parser.ends[column] ?? 0)
    }
    return parser.next
  }

  #field(bytes: Buffer, column: number, start: number, end: number): void {
    if (column === this.#firstKey) this.#keyStart = start
    if (column === this.#lastKey) this.#keyEnd = end
    if (this.#spelled.size > 0 && this.#spelled.get(column)?.(bytes, start, end) === false) this.#unfit = true
  }
}

function sameBytes(
  a: Buffer,
  aStart: number,
  aEnd: number,
  b: Buffer,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart
  if (length !== bEnd - bStart) return false
  for (let at = length - 1; at >= 0; at--) if (a[aStart + at] !== b[bStart + at]) return false
  return true
}
