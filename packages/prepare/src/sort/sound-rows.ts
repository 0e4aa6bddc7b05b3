/**
 * Judges rows of the intermediate file by their values, and says of one that is rejected where it came from.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Projection } from '../projection.ts'
import { badRow } from '../read/bad-row.ts'
import { fieldText } from '../read/field-text.ts'
import { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RowTrouble } from '../read/record-sink.ts'
import { partEnd } from '../write/row-writer.ts'
import type { KeyedLine } from './first-of-key.ts'
import type { RowPlaces } from './row-places.ts'
import { withoutEscapes } from './split-sorted.ts'

export class SoundRows {
  readonly #projection: Projection
  readonly #places: RowPlaces
  /** Parts of a line before its row. */
  readonly #parts: number
  readonly #parser = new RecordParser({ separator: ',', lineEnds: 'lf', maximumFieldSize: 1 << 30 })

  constructor(projection: Projection, places: RowPlaces, parts: number) {
    this.#projection = projection
    this.#places = places
    this.#parts = parts
  }

  isSound(bytes: Buffer, line: KeyedLine): boolean {
    return this.#troubleOf(this.#rowOf(bytes, line)) === undefined
  }

  badRow(bytes: Buffer, line: KeyedLine): BadRow {
    const row = this.#rowOf(bytes, line)
    const { column, reason } = this.#troubleOf(row) ?? { column: null, reason: 'it is not sound' }
    const text = row.toString('utf8')
    const { file, line: first } = this.#places.placeOf(ordinalIn(bytes, line))
    return badRow({ file, line: first, column, reason }, text, ',')
  }

  #rowOf(bytes: Buffer, { start, end }: KeyedLine): Buffer {
    let at = start
    for (let part = 0; part < this.#parts; part++) at = bytes.indexOf(partEnd, at) + 1
    const row = Buffer.from(bytes.subarray(at, end))
    return row.subarray(0, withoutEscapes(row))
  }

  #troubleOf(row: Buffer): RowTrouble | undefined {
    this.#parser.parse(row, 0, row.length, true)
    for (const { column, required, legal } of this.#projection.checks) {
      const text = fieldText(row, this.#parser, column)
      const reason =
        text !== '' ? legal.isLegal(text) || `not ${legal.expected}` : !required || 'a value is required'
      if (reason !== true) return { column: this.#projection.sourceColumns[column] ?? null, reason }
    }
    return undefined
  }
}

/** The place of an intermediate line, behind its key. */
export function ordinalIn(bytes: Buffer, { keyEnd }: KeyedLine): number {
  return Number(bytes.toString('latin1', keyEnd + 1, bytes.indexOf(partEnd, keyEnd + 1)))
}
