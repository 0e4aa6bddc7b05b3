/**
 * Where rows stand of which some value will be rejected: the server judges values and knows no files, so it is told the lines.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import { mostPlaces, type PreparedFile } from '@sluice/protocol'
import type { ColumnCheck, Projection } from '../projection.ts'
import type { KeyedLine } from './first-of-key.ts'
import type { RowPlaces } from './row-places.ts'
import { ordinalIn } from './sound-rows.ts'

/** Each takes two places: its own, and one that says that nothing is known of the rows behind it. */
const most = Math.floor((mostPlaces - 1) / 2)

type Places = NonNullable<PreparedFile['places']>

/** Text of a column of the row at hand, as it is written. */
type TextOf = (column: number) => string

interface IllegalRow {
  readonly file: string
  readonly line: number
}

export class IllegalRows {
  readonly #checks: readonly ColumnCheck[]
  readonly #order: readonly number[]
  readonly #file: string
  readonly #ordinals = new Set<number>()
  readonly #byKey = new Map<string, IllegalRow>()
  readonly #places: Places[number][] = []

  constructor({ checks, order, file }: Projection) {
    this.#checks = checks
    this.#order = order
    this.#file = file
  }

  /** Looks at the values of a row; `place` is asked only where one is none. */
  look(textOf: TextOf, place: () => IllegalRow & { readonly ordinal: number }): void {
    if (this.#ordinals.size >= most) return
    if (this.#checks.every(({ column, required, legal }) => isLegal(textOf(column), required, legal))) return
    const { ordinal, file, line } = place()
    this.#ordinals.add(ordinal)
    this.#byKey.set(keyOf(this.#order.map(textOf)), { file, line })
  }

  /** Is told of each row of the sorted file in its order; `row` from 1. */
  sorted(bytes: Buffer, line: KeyedLine, row: number, places: RowPlaces): void {
    if (this.#ordinals.size === 0) return
    const ordinal = ordinalIn(bytes, line)
    if (!this.#ordinals.has(ordinal)) return
    const { file, line: first } = places.placeOf(ordinal)
    this.#add(row, { file, line: first })
  }

  /** Is told of each row of a delta in its order, by what its key is. */
  changed(key: () => readonly string[], row: number): void {
    const found = this.#byKey.size === 0 ? undefined : this.#byKey.get(keyOf(key()))
    if (found !== undefined) this.#add(row, found)
  }

  #add(row: number, { file, line }: IllegalRow): void {
    if (this.#places.at(-1)?.row === row) this.#places.pop()
    this.#places.push({ row, file, line }, { row: row + 1, file: this.#file, line: null })
  }

  /** Of the rows that it was told of since the last call; `undefined` where nothing is known of any. */
  takePlaces(): Places | undefined {
    const found = this.#places.splice(0)
    const [first] = found
    if (first === undefined) return undefined
    return first.row === 1 ? found : [{ row: 1, file: this.#file, line: null }, ...found]
  }
}

function isLegal(text: string, required: boolean, legal: ColumnCheck['legal']): boolean {
  return text === '' ? !required : legal.isLegal(text)
}

function keyOf(texts: readonly string[]): string {
  return JSON.stringify(texts)
}
