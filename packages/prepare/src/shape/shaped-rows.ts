/**
 * Stands between the records of a file and a mapping that takes rows of another shape.
 *
 * @module
 */
import type { Projection } from '../projection.ts'
import { badRow, textOf } from '../read/bad-row.ts'
import type { Header } from '../read/read-header.ts'
import type { RecordFields } from '../read/record-fields.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RecordSink } from '../read/record-sink.ts'
import type { RowShaper, ShapeTrouble } from './row-shaper.ts'

/** Takes the rows of a mapping, told where its columns stand in them. */
export interface RowSink extends RecordSink {
  begin(file: string, fields: readonly number[], separator: string): void
  row(buffer: Uint8Array, record: RecordFields, line: number): undefined
}

export class ShapedRows implements RecordSink {
  /** Records that the filter left out. */
  filtered = 0
  /** Rows beyond the first of their record. */
  further = 0
  readonly #inner: RowSink
  readonly #shaper: RowShaper
  readonly #rejected: (row: BadRow) => BadRow
  #place = { file: '', separator: ',' }

  constructor(inner: RowSink, shaper: RowShaper, projection: Projection) {
    this.#inner = inner
    this.#shaper = shaper
    this.#rejected = anyKeyOf(projection)
  }

  begin(file: string, header: Header): void {
    this.#place = { file, separator: header.separator }
    this.#shaper.read(file, header)
    this.#inner.begin(file, this.#shaper.fields, ',')
  }

  row(buffer: Uint8Array, parser: RecordParser, line: number): undefined {
    const rows = this.#shaper.take(buffer, parser)
    if (typeof rows !== 'number') {
      this.#inner.reject(rejectedBy(rows, { ...this.#place, line }, textOf(buffer, parser)))
      return
    }
    if (rows === 0) this.filtered++
    else this.further += rows - 1
    for (let row = 0; row < rows; row++) {
      const trouble = this.#shaper.write(row)
      if (trouble === undefined) this.#inner.row(this.#shaper.made.bytes, this.#shaper.made, line)
      else {
        const found = { ...trouble, key: undefined }
        this.#inner.reject(rejectedBy(found, { ...this.#place, line }, textOf(buffer, parser)))
      }
    }
  }

  reject(row: BadRow): void {
    this.#inner.reject(this.#rejected(row))
  }

  async drain(): Promise<void> {
    await this.#inner.drain()
  }
}

interface Place {
  readonly file: string
  readonly line: number
  readonly separator: string
}

/** With the names that it is known to have, so that nothing of these names counts as gone; where they are not known, nothing does. */
export function rejectedBy(
  { key, ...trouble }: ShapeTrouble,
  { separator, ...place }: Place,
  text: string,
): BadRow {
  const row = badRow({ ...place, ...trouble }, text, separator)
  return key === undefined ? { ...row, anyKey: true } : { ...row, fields: [...row.fields, ...key] }
}

/** A record that cannot be read may be the row of any key where keys are made. */
export function anyKeyOf({ required, shaping }: Projection): (row: BadRow) => BadRow {
  const made = required.some((column) => shaping?.shapes[column] !== undefined)
  return made ? (row) => ({ ...row, anyKey: true }) : (row) => row
}
