/**
 * The first rows of CSV as a system writes it in UTF-8: cut off behind the last of them.
 *
 * @module
 */

const quote = 0x22
const lineFeed = 0x0a

export class FirstRows {
  /** There were as many rows as were wanted. */
  enough = false
  #left: number
  #quoted = false

  /** @param rows Without the header, which `TableFile` has written. */
  constructor(rows: number) {
    this.#left = rows
  }

  async *of(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of csv) {
      const end = this.#endIn(bytes)
      yield bytes.subarray(0, end)
      if (this.enough) return
    }
  }

  /** Behind the last row that is wanted. */
  #endIn(bytes: Uint8Array): number {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === quote) this.#quoted = !this.#quoted
      if (byte !== lineFeed || this.#quoted) continue
      this.#left--
      if (this.#left > 0) continue
      this.enough = true
      return at + 1
    }
    return bytes.length
  }
}
