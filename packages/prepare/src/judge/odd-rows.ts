/**
 * What programs leave in rows that is no part of them: marks and headers where part files were joined, blanks before quotes.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import { flag, type RecordParser } from '../read/record-parser.ts'

const quote = 0x22

/** Whether the byte order mark of UTF-8 stands there. */
export function isMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf
}

/** Where the record at `at` begins: behind the byte order marks that stand before it. */
export function afterMarks(bytes: Uint8Array, at: number, end: number): number {
  let start = at
  while (start + 3 <= end && isMark(bytes, start)) start += 3
  return start
}

/** Whether `bytes[start, end)` are these. */
export function isSame(bytes: Buffer, start: number, end: number, known: Buffer): boolean {
  return end - start === known.length && bytes.compare(known, 0, known.length, start, end) === 0
}

/** To a reader of CSV such a field is not quoted, and its quotes would become part of the value. */
export function fieldWithBlankBeforeQuote(bytes: Uint8Array, parser: RecordParser): number | undefined {
  for (let field = 0; field < parser.count; field++) {
    if (((parser.flags[field] ?? 0) & flag.strayQuote) === 0) continue
    const start = parser.starts[field] ?? 0
    const first = afterBlanks(bytes, start)
    if (first > start && first < (parser.ends[field] ?? 0) && bytes[first] === quote) return field
  }
  return undefined
}

function afterBlanks(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    if (bytes[at] === 0x20 || bytes[at] === 0x09) at++
    // U+00A0
    else if (bytes[at] === 0xc2 && bytes[at + 1] === 0xa0) at += 2
    else return at
  }
}
