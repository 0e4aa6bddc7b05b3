/**
 * CESU-8 as UTF-8: what databases that think in UTF-16 write for characters beyond U+FFFF, each half of a surrogate
 * pair in three bytes. All else is the same, so bytes are touched only where there is such a pair.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { writeUtf8 } from './from-wide-units.ts'

export const surrogatePairSize = 6
const leadOfSurrogates = 0xed

/** Says whether a pair of surrogates, in three bytes each, stands at `at`. */
export function isSurrogatePair(bytes: Uint8Array, at: number): boolean {
  return isSurrogate(bytes, at, 0xa0) && isSurrogate(bytes, at + 3, 0xb0)
}

/** Says whether what stands at `at` may be the first half of a pair. */
export function isFirstSurrogate(bytes: Uint8Array, at: number): boolean {
  return isSurrogate(bytes, at, 0xa0)
}

function isSurrogate(bytes: Uint8Array, at: number, second: number): boolean {
  return (
    bytes[at] === leadOfSurrogates &&
    ((bytes[at + 1] ?? 0) & 0xf0) === second &&
    ((bytes[at + 2] ?? 0) & 0xc0) === 0x80
  )
}

/** Chunks of CESU-8 as chunks of UTF-8. */
export async function* fromCesu8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = Buffer.concat([rest, chunk])
    const whole = beforeHalfAPair(all)
    rest = Buffer.from(all.subarray(whole))
    yield joined(all.subarray(0, whole))
  }
  if (rest.length > 0) yield rest
}

/** Where a pair begins that is not whole yet; the length when there is none. */
function beforeHalfAPair(bytes: Buffer): number {
  for (let at = Math.max(0, bytes.length - surrogatePairSize + 1); at < bytes.length; at++) {
    const second = bytes[at + 1]
    // What begins the second half does not begin a pair.
    if (bytes[at] === leadOfSurrogates && (second === undefined || (second & 0xf0) === 0xa0)) return at
  }
  return bytes.length
}

function joined(bytes: Buffer): Buffer {
  let to = 0
  let from = 0
  for (;;) {
    const at = bytes.indexOf(leadOfSurrogates, from)
    const end = at === -1 ? bytes.length : at
    if (to !== from) bytes.copyWithin(to, from, end)
    to += end - from
    if (at === -1) return bytes.subarray(0, to)
    if (isSurrogatePair(bytes, at)) {
      to = writeUtf8(pointOf(bytes, at), bytes, to)
      from = at + surrogatePairSize
    } else {
      bytes[to++] = leadOfSurrogates
      from = at + 1
    }
  }
}

function pointOf(bytes: Uint8Array, at: number): number {
  const bits = (index: number, mask: number) => (bytes[at + index] ?? 0) & mask
  const high = (bits(1, 0x0f) << 6) | bits(2, 0x3f)
  const low = (bits(4, 0x0f) << 6) | bits(5, 0x3f)
  return 0x10000 + (high << 10) + low
}
