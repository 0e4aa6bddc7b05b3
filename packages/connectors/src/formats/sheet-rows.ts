/**
 * The rows of a sheet, put together from its elements.
 *
 * @module
 */
import { type NumberKind, numberTextOf } from './number-format.ts'
import type { PartListener } from './workbook.ts'

type Cell = string | undefined

export interface SheetRow {
  /** Counted from 1, as people see it. */
  readonly row: number
  readonly cells: readonly Cell[]
}

export interface SheetValues {
  readonly texts: readonly string[]
  /** By the style of a cell. */
  readonly kinds: readonly NumberKind[]
  readonly from1904: boolean
}

export class SheetRows implements PartListener {
  readonly #values: SheetValues
  #rows: SheetRow[] = []
  #row = 0
  #cells: Cell[] = []
  #column = 0
  #type = 'n'
  #style = 0
  /** What stands in the cell, as it is written. */
  #written: string | undefined
  #reads = false

  constructor(values: SheetValues) {
    this.#values = values
  }

  take(): readonly SheetRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  open(name: string, { r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#row = r === undefined ? this.#row + 1 : Number(r)
      this.#cells = []
      this.#column = -1
    } else if (name === 'c') {
      this.#column = r === undefined ? this.#column + 1 : columnOf(r)
      this.#type = t
      this.#style = Number(s)
      this.#written = undefined
    } else if (name === 'v' || name === 't') {
      this.#reads = true
      this.#written ??= ''
    }
  }

  text(text: string): void {
    if (this.#reads) this.#written += text
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#reads = false
    else if (name === 'c') {
      while (this.#cells.length < this.#column) this.#cells.push(undefined)
      this.#cells[this.#column] = this.#value()
    } else if (name === 'row') this.#rows.push({ row: this.#row, cells: this.#cells })
  }

  #value(): Cell {
    const { texts, kinds, from1904 } = this.#values
    const written = this.#written
    if (written === undefined || written === '') return undefined
    switch (this.#type) {
      case 's':
        return texts[Number(written)]
      case 'b':
        return written === '1' ? 'true' : 'false'
      case 'n':
        return numberTextOf(written, kinds[this.#style] ?? 'number', from1904)
      default:
        // Texts, what formulas make of them, and errors such as #N/A.
        return written
    }
  }
}

/** `AB12`: 27. */
function columnOf(reference: string): number {
  let column = 0
  for (const sign of reference) {
    const letter = sign.charCodeAt(0) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column - 1
}
