/**
 * Is a file without mark and without configured encoding UTF-8, or an old single-byte encoding?
 *
 * The bytes say it: text in Windows-1252 hardly ever looks like UTF-8. A file that is UTF-8 almost
 * everywhere is UTF-8 with a few broken rows; to read it as Windows-1252 would garble every accent
 * in it.
 *
 * @module
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import type { PlainEncoding } from '../read/encodings.ts'

/** After so many strays the question is settled. */
const settledAfter = 10_000

/** Collects evidence chunk by chunk, at native speed as long as the bytes are sound. */
export class Utf8Judge {
  #rest: Buffer = Buffer.alloc(0)
  #characters = 0
  #strays = 0

  add(chunk: Buffer): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = wholeCharacters(all)
    this.#rest = whole === all.length ? Buffer.alloc(0) : Buffer.from(all.subarray(whole))
    this.#judge(all.subarray(0, whole))
  }

  /** All bytes so far are valid UTF-8. */
  get valid(): boolean {
    return this.#strays === 0
  }

  /** The end of the file was reached. */
  finish(): PlainEncoding {
    this.#judge(this.#rest)
    return this.valid || this.#characters > this.#strays * 4 ? 'utf-8' : 'windows-1252'
  }

  #judge(bytes: Buffer): void {
    if (this.#strays > settledAfter || isAscii(bytes)) return
    if (isUtf8(bytes)) {
      this.#characters++
      return
    }
    for (let at = 0; at < bytes.length; ) {
      const length = (bytes[at] ?? 0) < 0x80 ? 1 : characterLength(bytes, at)
      if (length === 0) this.#strays++
      else if (length > 1) this.#characters++
      at += Math.max(1, length)
    }
  }
}

/** Bytes of the character of several bytes at `at`; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const length = announcedLength(bytes[at] ?? 0)
  return length > 1 && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

function announcedLength(lead: number): number {
  if (lead >= 0xf0) return 4
  if (lead >= 0xe0) return 3
  return lead >= 0xc2 ? 2 : 1
}

/** Where the last whole character ends: at most three bytes before the end. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return announcedLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
