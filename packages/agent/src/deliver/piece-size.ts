/**
 * How much of a file goes in one request: less and less, until whatever stands between here and the server lets it pass.
 *
 * What once passed is kept for everything that is sent over the same link, so that a proxy's limit is found once.
 *
 * @module
 */

const kibibyte = 1024
const usual = 64 * kibibyte * kibibyte
/** Smaller ones would be more headers than file; a proxy that takes none of this size was not meant for files. */
const smallest = 64 * kibibyte
/** A connection that breaks is no word about sizes: below this it is the network's matter. */
const smallestAfterBreak = kibibyte * kibibyte

export class PieceSize {
  #bytes: number

  constructor(bytes = usual) {
    this.#bytes = bytes
  }

  /** Bytes, before they are compressed. */
  get bytes(): number {
    return this.#bytes
  }

  /** So many were too many. `false`: there is no smaller piece. */
  tooLarge(bytes: number): boolean {
    if (bytes <= smallest) return false
    this.#bytes = Math.min(this.#bytes, Math.max(smallest, Math.floor(bytes / 4)))
    return true
  }

  /** A piece of so many was cut off, and nothing of it arrived: it was perhaps collected on the way, and all of it is lost. */
  cutOff(bytes: number): void {
    if (bytes > smallestAfterBreak)
      this.#bytes = Math.min(this.#bytes, Math.max(smallestAfterBreak, Math.floor(bytes / 4)))
  }
}
