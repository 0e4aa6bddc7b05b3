/**
 * Source files in, UTF-8 out.
 *
 * Everything after reads UTF-8 bytes, so that one scanner serves all encodings. What is no text in
 * the encoding becomes bytes that are no valid UTF-8 either, so that one check finds it in all.
 *
 * @module
 */
import { Buffer, transcode } from 'node:buffer'
import type { FileEncoding } from '@sluice/model'

/** What a file's bytes are, once it has been looked at. */
export type PlainEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'latin-1'

export interface ByteOrderMark {
  readonly encoding: PlainEncoding
  readonly size: number
}

export function byteOrderMark(head: Uint8Array): ByteOrderMark | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', size: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', size: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', size: 2 }
  return undefined
}

/** The encoding without mark: UTF-16 shows by its zero bytes, of ASCII characters at least. */
export function guessUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0
  let odd = 0
  for (let at = 0; at < head.length; at++) {
    if (head[at] !== 0) continue
    if (at % 2 === 0) even++
    else odd++
  }
  const half = head.length / 2
  if (odd > half * 0.7 && even < half * 0.1) return 'utf-16le'
  if (even > half * 0.7 && odd < half * 0.1) return 'utf-16be'
  return undefined
}

/** The configured encoding as the file has it. */
export function settle(given: FileEncoding, mark: ByteOrderMark | undefined): PlainEncoding {
  if (given !== 'utf-16') return given
  return mark?.encoding === 'utf-16be' ? 'utf-16be' : 'utf-16le'
}

/** Chunks of `encoding` as chunks of UTF-8. */
export async function* toUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: PlainEncoding,
): AsyncGenerator<Buffer, void, undefined> {
  switch (encoding) {
    case 'utf-8':
      yield* chunks
      return
    case 'latin-1':
      for await (const chunk of chunks) yield transcode(chunk, 'latin1', 'utf8')
      return
    case 'windows-1252':
      for await (const chunk of chunks) yield fromWindows1252(chunk)
      return
    case 'utf-16le':
    case 'utf-16be':
      yield* fromUtf16(chunks, encoding === 'utf-16be')
  }
}

type ByteTable = readonly (readonly number[])[]

/** What 0x80 to 0x9f are in Windows-1252; in Latin-1 they are the control characters of these numbers. */
const windows =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'
/** 0x80 to 0xff as UTF-8. */
const windows1252: ByteTable = Array.from({ length: 128 }, (_, index) => [
  ...Buffer.from(windows[index] ?? String.fromCharCode(0x80 + index)),
])

/** Of the characters 0x80 to 0xbf of Latin-1 in UTF-8. */
const leadOfControls = 0xc2

function fromWindows1252(chunk: Buffer): Buffer {
  const text = transcode(chunk, 'latin1', 'utf8')
  // The two encodings differ only in characters that have this lead: most text has none.
  return text.includes(leadOfControls) ? fromTable(chunk, windows1252) : text
}

function fromTable(chunk: Buffer, table: ByteTable): Buffer {
  const target = Buffer.allocUnsafe(chunk.length * 3)
  let to = 0
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte < 0x80) target[to++] = byte
    else for (const unit of table[byte - 0x80] ?? []) target[to++] = unit
  }
  return target.subarray(0, to)
}

async function* fromUtf16(
  chunks: AsyncIterable<Buffer>,
  bigEndian: boolean,
): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const [text, used] = transcodeUtf16(all, bigEndian)
    rest = Buffer.from(all.subarray(used))
    yield text
  }
  // Half a character at the end: bytes that are no UTF-8, so that the last row is seen to be broken.
  if (rest.length > 0) yield Buffer.from([0xff])
}

/** UTF-8 of the whole characters, and how many bytes they took. A lone surrogate stays one: no valid UTF-8. */
function transcodeUtf16(chunk: Buffer, bigEndian: boolean): [Buffer, number] {
  const target = Buffer.allocUnsafe((chunk.length >> 1) * 3)
  const [high, low] = bigEndian ? [0, 1] : [1, 0]
  const unitAt = (at: number) => ((chunk[at + high] ?? 0) << 8) | (chunk[at + low] ?? 0)
  let to = 0
  let at = 0
  while (at + 1 < chunk.length) {
    const unit = unitAt(at)
    if (unit < 0x80) {
      target[to++] = unit
      at += 2
      continue
    }
    const isFirst = unit >= 0xd800 && unit < 0xdc00
    if (isFirst && at + 3 >= chunk.length) break
    const second = isFirst ? unitAt(at + 2) : 0
    const isPair = second >= 0xdc00 && second < 0xe000
    to = writeUtf8(isPair ? 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00) : unit, target, to)
    at += isPair ? 4 : 2
  }
  return [target.subarray(0, to), at]
}

function writeUtf8(point: number, target: Buffer, at: number): number {
  let to = at
  if (point < 0x800) {
    target[to++] = 0xc0 | (point >> 6)
  } else {
    if (point < 0x10000) {
      target[to++] = 0xe0 | (point >> 12)
    } else {
      target[to++] = 0xf0 | (point >> 18)
      target[to++] = 0x80 | ((point >> 12) & 0x3f)
    }
    target[to++] = 0x80 | ((point >> 6) & 0x3f)
  }
  target[to++] = 0x80 | (point & 0x3f)
  return to
}
