/**
 * What the first bytes of a file say of its encoding: by a mark, or by where zero bytes stand.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { PlainEncoding } from './plain-encoding.ts'

export interface ByteOrderMark {
  readonly encoding: PlainEncoding
  /** Bytes, of all marks where programs that each wrote one stood in a row. */
  readonly size: number
}

/** UTF-32 before UTF-16, whose mark is the beginning of the other's. */
const marks: readonly (readonly [PlainEncoding, Buffer])[] = [
  ['utf-8', Buffer.of(0xef, 0xbb, 0xbf)],
  ['utf-32le', Buffer.of(0xff, 0xfe, 0, 0)],
  ['utf-32be', Buffer.of(0, 0, 0xfe, 0xff)],
  ['utf-16le', Buffer.of(0xff, 0xfe)],
  ['utf-16be', Buffer.of(0xfe, 0xff)],
  ['gb18030', Buffer.of(0x84, 0x31, 0x95, 0x33)],
]

export function byteOrderMark(head: Uint8Array): ByteOrderMark | undefined {
  const found = marks.find(([, mark]) => startsWith(head, mark, 0))
  if (found === undefined) return undefined
  const [encoding, mark] = found
  let size = mark.length
  while (startsWith(head, mark, size)) size += mark.length
  return { encoding, size }
}

function startsWith(head: Uint8Array, mark: Buffer, at: number): boolean {
  return mark.equals(head.subarray(at, at + mark.length))
}

/** The encoding without mark: UTF-16 and UTF-32 show by their zero bytes, of ASCII characters at least. */
export function guessByZeros(head: Uint8Array): PlainEncoding | undefined {
  const zeros = new Uint32Array(4)
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 4] = (zeros[at % 4] ?? 0) + 1
  const quarter = head.length / 4
  const pattern = Array.from(zeros, (count) =>
    count > quarter * 0.7 ? '0' : count < quarter * 0.1 ? 'x' : '?',
  )
  return patterns.get(pattern.join(''))
}

/** Which of four bytes are zero. */
const patterns: ReadonlyMap<string, PlainEncoding> = new Map([
  ['x000', 'utf-32le'],
  ['000x', 'utf-32be'],
  ['x0x0', 'utf-16le'],
  ['0x0x', 'utf-16be'],
])
