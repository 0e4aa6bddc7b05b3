/**
 * Where the rows of a delta stand in the source's files, in a few words: mostly one line follows another.
 *
 * @module
 */
import { mostPlaces, type PreparedFile } from '@sluice/protocol'

export class RowLines {
  readonly places: NonNullable<PreparedFile['places']> = []
  #rows = 0
  /** Where the next row stands when nothing is odd. */
  #file = ''
  #line = 0
  /** So many places were noted that no more are. */
  #full = false

  /** Notes where the next row begins. */
  add(file: string, line: number): void {
    this.#rows++
    if (!this.#full && (file !== this.#file || line !== this.#line)) {
      this.#full = this.places.length === mostPlaces - 1
      this.places.push({ row: this.#rows, file, line: this.#full ? null : line })
    }
    this.#file = file
    this.#line = line + 1
  }
}
