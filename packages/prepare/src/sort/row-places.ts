/**
 * Where a row came from, as one number that also says which of two rows came first.
 *
 * @module
 */

/** No file has so many lines; 65,535 part files fit beside them. */
const linesPerFile = 2 ** 36

export class RowPlaces {
  readonly #files: string[] = []

  /** The next file, as reports name it. */
  begin(file: string): void {
    this.#files.push(file)
  }

  /** The file begun last. */
  get file(): string {
    return this.#files.at(-1) ?? ''
  }

  /** Of a row of the file begun last; `line` is its first physical one. `respelled`: its key came in another spelling. */
  ordinalOf(line: number, respelled = false): number {
    return ((this.#files.length - 1) * linesPerFile + line) * 2 + (respelled ? 1 : 0)
  }

  placeOf(ordinal: number): { readonly file: string; readonly line: number; readonly respelled: boolean } {
    const place = Math.floor(ordinal / 2)
    return {
      file: this.#files[Math.floor(place / linesPerFile)] ?? '',
      line: Math.max(1, place % linesPerFile),
      respelled: ordinal % 2 === 1,
    }
  }
}
