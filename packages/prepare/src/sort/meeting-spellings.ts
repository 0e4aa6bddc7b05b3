/**
 * Duplicates that are duplicates by the value of their key, not by its text.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import type { KeyedLine } from './first-of-key.ts'
import type { RowPlaces } from './row-places.ts'
import { ordinalIn } from './sound-rows.ts'

/** Is told of the rows of one key side by side. */
export class MeetingSpellings {
  readonly #places: RowPlaces
  #respelled = false
  #count = 0
  #example: { readonly file: string; readonly line: number } | undefined

  constructor(places: RowPlaces) {
    this.#places = places
  }

  stays(bytes: Buffer, line: KeyedLine): void {
    this.#respelled = this.#places.placeOf(ordinalIn(bytes, line)).respelled
  }

  isLeftOut(bytes: Buffer, line: KeyedLine): void {
    const place = this.#places.placeOf(ordinalIn(bytes, line))
    if (place.respelled === this.#respelled) return
    this.#count++
    this.#example ??= place
  }

  notes(mapping: string): readonly string[] {
    if (this.#example === undefined) return []
    const { file, line } = this.#example
    const which = this.#count === 1 ? '1 duplicate has' : `${this.#count} duplicates have`
    return [
      `${mapping}: ${which} the key of another row in another spelling (${file}, line ${line}); the first row stays`,
    ]
  }
}
