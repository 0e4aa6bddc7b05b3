/**
 * Is a file without mark and without configured encoding UTF-8, or an old single-byte encoding?
 *
 * The bytes say it: text in Windows-1252 hardly ever looks like UTF-8. A file that is UTF-8 almost
 * everywhere is UTF-8 with a few broken rows, which can be rejected; to read it as Windows-1252 would
 * garble every accent in it.
 *
 * @module
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { isFirstSurrogate, isSurrogatePair, surrogatePairSize } from '../read/from-cesu8.ts'

/** After so many strays the question is settled. */
const enoughStrays = 10_000
/** So many characters no other text holds by chance: whatever follows them is rejected rather than read otherwise. */
const enoughCharacters = 2_000
/** Two sequences of several bytes that are right outweigh one that is not. */
const charactersPerStray = 2

/** Of an encoding of one byte a character it is only known that the file is not UTF-8. */
export type Judged = 'utf-8' | 'cesu-8' | 'single-byte'

/** Collects evidence chunk by chunk, at native speed as long as the bytes are sound. */
export class Utf8Judge {
  #rest: Buffer = Buffer.alloc(0)
  /** Of several bytes each. */
  #characters = 0
  #strays = 0
  #surrogatePairs = 0
  /** It is UTF-8, whatever comes. */
  #certain = false

  add(chunk: Buffer): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = wholeCharacters(all)
    this.#rest = whole === all.length ? Buffer.alloc(0) : Buffer.from(all.subarray(whole))
    this.#judge(all.subarray(0, whole))
  }

  /** All bytes so far are valid UTF-8. */
  get valid(): boolean {
    return this.#strays === 0 && this.#surrogatePairs === 0
  }

  /** Characters of several bytes that are valid, as far as they were counted. */
  get characters(): number {
    return this.#characters
  }

  /** The end of the file was reached. */
  finish(): Judged {
    this.#judge(this.#rest)
    if (!this.#certain && !this.#likely) return 'single-byte'
    return this.#surrogatePairs > 0 ? 'cesu-8' : 'utf-8'
  }

  get #likely(): boolean {
    return this.#characters >= this.#strays * charactersPerStray
  }

  #judge(bytes: Buffer): void {
    if (isAscii(bytes) || this.#strays > enoughStrays) return
    if (!isUtf8(bytes)) for (let at = 0; at < bytes.length; ) at += this.#step(bytes, at)
    else if (!this.#certain) this.#count(countCharacters(bytes))
  }

  #count(characters: number): void {
    this.#characters += characters
    this.#certain ||= this.#characters >= enoughCharacters && this.#likely
  }

  /** Judges what stands at `at`; returns its length. */
  #step(bytes: Buffer, at: number): number {
    const lead = bytes[at] ?? 0
    if (lead < 0x80) return 1
    const length = announcedLength(lead)
    if (length > 1 && isUtf8(bytes.subarray(at, at + length))) {
      this.#count(1)
      return length
    }
    if (isSurrogatePair(bytes, at)) {
      this.#count(1)
      this.#surrogatePairs++
      return surrogatePairSize
    }
    // A character that was cut is one stray, however much of it is left.
    this.#strays++
    let broken = 1
    while (broken < length && isContinuation(bytes[at + broken])) broken++
    return broken
  }
}

const blockSize = 4096

/** Characters of several bytes in valid UTF-8: at native speed past what is ASCII. */
function countCharacters(bytes: Buffer): number {
  let count = 0
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize)
    if (!isAscii(block)) for (const byte of block) if (byte >= 0xc0) count++
  }
  return count
}

function announcedLength(lead: number): number {
  if (lead >= 0xf0) return 4
  if (lead >= 0xe0) return 3
  return lead >= 0xc2 ? 2 : 1
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** Where the last whole character ends, a pair of surrogates taken for one: at most five bytes before the end. */
export function wholeCharacters(bytes: Uint8Array): number {
  const end = wholeSequences(bytes)
  return end >= 3 && isFirstSurrogate(bytes, end - 3) ? end - 3 : end
}

function wholeSequences(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return announcedLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
