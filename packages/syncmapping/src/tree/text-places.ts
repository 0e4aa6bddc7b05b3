/**
 * Lines and columns of a text.
 *
 * @module
 */
import type { Span } from '../diagnostic.ts'

export class TextPlaces {
  readonly #text: string
  readonly #lineStarts: readonly number[]
  /** Some character takes two units; where none does, columns need not be counted, which matters on endless lines. */
  readonly #hasPairs: boolean

  constructor(text: string) {
    this.#text = text
    this.#hasPairs = /[\ud800-\udbff]/.test(text)
    this.#lineStarts = [
      0,
      ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: end }) => index + end.length),
    ]
  }

  span(offset: number, length: number): Span {
    const line = this.#lineOf(offset)
    const start = this.#lineStarts[line - 1] ?? 0
    const before = this.#hasPairs ? characters(this.#text.slice(start, offset)) : offset - start
    return { offset, length, line, column: before + 1 }
  }

  /** The number of the last line that does not start after the offset. */
  #lineOf(offset: number): number {
    let low = 0
    let high = this.#lineStarts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

/** What a reader counts: a character outside of the basic plane is one. */
function characters(text: string): number {
  return [...text].length
}
