/**
 * The last pass of the careful way: takes the sorted intermediate lines apart into the rows that
 * stay and the duplicates, in one reading, comparing each key with the one before.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { Carry, readChunks } from '../read/read-chunks.ts'
import { escapeByte, escapeShift, partEnd } from '../write/row-writer.ts'
import type { KeyedLines } from './first-of-key.ts'

/** Reads the sorted lines of `path` and hands each on; `drain` is the moment to write to disk. */
export async function splitSorted(
  path: string,
  lines: KeyedLines,
  drain: () => Promise<void>,
): Promise<void> {
  const splitter = new Splitter(lines)
  const carry = new Carry()
  for await (const chunk of readChunks(path)) {
    carry.keepFrom(splitter.take(carry.add(chunk)))
    await drain()
  }
  lines.finish()
  await drain()
}

class Splitter {
  readonly #lines: KeyedLines
  #key: Buffer = Buffer.alloc(256)
  #keyLength = -1

  constructor(lines: KeyedLines) {
    this.#lines = lines
  }

  /** Takes the whole lines; returns where the unfinished one starts. */
  take(bytes: Buffer): number {
    let at = 0
    // The key of the line before is in these bytes, except for the first line.
    let keyFrom = -1
    for (;;) {
      const end = bytes.indexOf(0x0a, at)
      if (end === -1) break
      const keyEnd = bytes.indexOf(partEnd, at)
      const length = keyEnd - at
      const source = keyFrom === -1 ? this.#key : bytes
      const same = length === this.#keyLength && equal(bytes, at, source, Math.max(keyFrom, 0), length)
      this.#lines.line(bytes, { start: at, keyEnd, end }, same)
      keyFrom = at
      this.#keyLength = length
      at = end + 1
    }
    if (keyFrom !== -1) this.#remember(bytes, keyFrom)
    return at
  }

  #remember(bytes: Buffer, from: number): void {
    if (this.#keyLength > this.#key.length) this.#key = Buffer.alloc(this.#keyLength * 2)
    bytes.copy(this.#key, 0, from, from + this.#keyLength)
  }
}

/** Neighbours in order differ at the end more often than at the start. */
function equal(a: Buffer, aFrom: number, b: Buffer, bFrom: number, length: number): boolean {
  for (let at = length - 1; at >= 0; at--) if (a[aFrom + at] !== b[bFrom + at]) return false
  return true
}

/** Collects lines, unescaped or as they are, until they are written. */
export class LineCollector {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16)
  #length = 0
  readonly #write: (bytes: Buffer) => Promise<void>
  readonly #unescape: boolean

  constructor(write: (bytes: Buffer) => Promise<void>, unescaped: boolean) {
    this.#write = write
    this.#unescape = unescaped
  }

  line(bytes: Buffer, start: number, end: number): void {
    this.#reserve(end - start + 1)
    if (this.#unescape) this.#copyUnescaped(bytes, start, end)
    else this.#length += bytes.copy(this.#bytes, this.#length, start, end)
    this.#bytes[this.#length++] = 0x0a
  }

  #copyUnescaped(bytes: Buffer, start: number, end: number): void {
    const from = this.#length
    const copied = from + bytes.copy(this.#bytes, from, start, end)
    this.#length = from + withoutEscapes(this.#bytes.subarray(from, copied))
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  async drain(): Promise<void> {
    if (this.#length === 0) return
    await this.#write(this.#bytes.subarray(0, this.#length))
    this.#length = 0
  }
}

/** Takes the row out of its escapes, in its place; returns its length. */
export function withoutEscapes(row: Buffer): number {
  const first = row.indexOf(escapeByte)
  if (first === -1) return row.length
  let to = first
  for (let at = first; at < row.length; at++) {
    const byte = row[at] ?? 0
    row[to++] = byte === escapeByte ? (row[++at] ?? 0) - escapeShift : byte
  }
  return to
}
