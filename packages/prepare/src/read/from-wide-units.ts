/**
 * UTF-16 and UTF-32 as UTF-8. A lone surrogate stays one, and so is no valid UTF-8.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { dosEnd } from './dos-end.ts'

/** Chunks of UTF-16 as chunks of UTF-8. */
export function fromUtf16(chunks: AsyncIterable<Buffer>, bigEndian: boolean): AsyncGenerator<Buffer> {
  return inWholeCharacters(chunks, (chunk) => transcodeUtf16(chunk, bigEndian))
}

/** Chunks of UTF-32 as chunks of UTF-8. */
export function fromUtf32(chunks: AsyncIterable<Buffer>, bigEndian: boolean): AsyncGenerator<Buffer> {
  return inWholeCharacters(chunks, (chunk) => transcodeUtf32(chunk, bigEndian))
}

/** UTF-8 of the whole characters, and how many bytes they took. */
type Transcode = (chunk: Buffer) => [Buffer, number]

async function* inWholeCharacters(
  chunks: AsyncIterable<Buffer>,
  transcode: Transcode,
): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const [text, used] = transcode(all)
    rest = Buffer.from(all.subarray(used))
    yield text
  }
  // Half a character at the end: bytes that are no UTF-8, so that the last row is seen to be broken.
  if (rest.length > 0 && !(rest.length === 1 && rest[0] === dosEnd)) yield Buffer.of(0xff)
}

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

function transcodeUtf32(chunk: Buffer, bigEndian: boolean): [Buffer, number] {
  const used = chunk.length - (chunk.length % 4)
  const target = Buffer.allocUnsafe(used)
  let to = 0
  for (let at = 0; at < used; at += 4) {
    const point = bigEndian ? chunk.readUInt32BE(at) : chunk.readUInt32LE(at)
    if (point < 0x80) target[to++] = point
    else if (point > 0x10ffff) target[to++] = 0xff
    else to = writeUtf8(point, target, to)
  }
  return [target.subarray(0, to), used]
}

/** Writes a character from U+0080 on; returns where it ends. */
export function writeUtf8(point: number, target: Uint8Array, at: number): number {
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
