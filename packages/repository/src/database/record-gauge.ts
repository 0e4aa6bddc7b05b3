/**
 * Holds the records of a CSV file to a length while they are handed to COPY, which has to hold a whole one: a single line of
 * 600 MB would take several times as much from the database, and from a process that has it inside.
 *
 * A line feed within quotes ends no record, so quotes are counted. That is done four bytes at a time, and only where a chunk
 * holds any: it takes half of the time of the sum that is taken beside it, and next to nothing where there are none.
 *
 * @module
 */
import { createReadStream } from 'node:fs'

const feed = 0x0a
const quote = 0x22

/** A record of a file is longer than any may be. Thrown in the middle of a COPY, which ends it. */
export class RecordTooLongError extends Error {
  /** Where the record begins, counted from 1. */
  readonly line: number

  constructor(path: string, line: number) {
    super(`The record at line ${line} of ${path} is too long.`)
    this.line = line
  }
}

export class RecordGauge {
  readonly #longest: number
  /** Bytes seen, and those of them since the last record ended. */
  #seen = 0
  #open = 0
  #quoted = false

  /** `longest`: bytes. Found out chunk by chunk, so one that is longer by less than a chunk may pass. */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.#longest = longest
  }

  /** The next bytes of the file; `false` when the record they belong to is too long. */
  take(chunk: Uint8Array): boolean {
    const end = this.#lastEnd(chunk)
    this.#seen += chunk.length
    this.#open = end === -1 ? this.#open + chunk.length : chunk.length - end - 1
    return this.#open <= this.#longest
  }

  /** Bytes before the record that has not ended yet. */
  get start(): number {
    return this.#seen - this.#open
  }

  /** Where the last record ends that does so here, -1 when none does. */
  #lastEnd(chunk: Uint8Array): number {
    if (hasOddQuotes(chunk)) this.#quoted = !this.#quoted
    let quoted = this.#quoted
    let mark = lastBefore(chunk, quote, chunk.length)
    let end = lastBefore(chunk, feed, chunk.length)
    // From the end on, one quote after the other: it is seldom far.
    while (end !== -1) {
      if (end > mark && !quoted) return end
      if (end > mark) end = lastBefore(chunk, feed, mark)
      if (mark === -1) return -1
      quoted = !quoted
      mark = lastBefore(chunk, quote, mark)
    }
    return -1
  }
}

function lastBefore(chunk: Uint8Array, byte: number, behind: number): number {
  return behind <= 0 ? -1 : chunk.lastIndexOf(byte, behind - 1)
}

const noWords = new Int32Array(0)

/** An odd number of them opens quotes, or closes them. */
function hasOddQuotes(bytes: Uint8Array): boolean {
  if (!bytes.includes(quote)) return false
  const { buffer, byteOffset, length } = bytes
  const lead = Math.min(length, -byteOffset & 3)
  const words = length < 8 ? noWords : new Int32Array(buffer, byteOffset + lead, (length - lead) >> 2)
  const tail = lead + words.length * 4
  let odd = 0
  // The highest bit of each byte of a word says whether it is one; those of all words, added up bit by bit.
  for (let at = 0; at < words.length; at += 1) {
    const other = (words[at] ?? 0) ^ (quote * 0x01010101)
    odd ^= ~(((other & 0x7f7f7f7f) + 0x7f7f7f7f) | 0 | other | 0x7f7f7f7f)
  }
  odd ^= odd >>> 16
  odd ^= odd >>> 8
  let found = (odd & 0x80) !== 0
  for (let at = 0; at < lead; at += 1) if (bytes[at] === quote) found = !found
  for (let at = tail; at < length; at += 1) if (bytes[at] === quote) found = !found
  return found
}

/** The line, counted from 1, of the byte behind the first `offset` bytes of a file. */
export async function lineAt(path: string, offset: number): Promise<number> {
  if (offset === 0) return 1
  let line = 1
  for await (const chunk of createReadStream(path, { end: offset - 1 }) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(feed); at !== -1; at = chunk.indexOf(feed, at + 1)) line += 1
  }
  return line
}
