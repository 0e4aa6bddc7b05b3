/**
 * Makes the rows of a mapping of the records of a file: leaves out those its filter does not let pass, and makes its shaped values.
 *
 * What comes of a record is a record again, of the mapping's columns in their order, so that whoever takes rows takes these as if
 * they had stood in the file.
 *
 * @module
 */
import { nearMatch } from '@sluice/model'
import { MissingColumnError } from '../prepare-errors.ts'
import type { Projection } from '../projection.ts'
import { columnName, type Header } from '../read/read-header.ts'
import type { RecordFields } from '../read/record-fields.ts'
import { flag } from '../read/record-parser.ts'
import type { RowTrouble } from '../read/record-sink.ts'
import { ColumnsRead } from './columns-read.ts'
import {
  type CompileExpression,
  columnsOfShape,
  compileShape,
  evaluating,
  type Made,
} from './compile-shape.ts'
import { MadeRecord } from './made-record.ts'
import { RecordTexts } from './record-texts.ts'
import { Unfit } from './unfit.ts'

/** What a record is of: `whole`, a row with all there is; `part`, one that leaves alone what is empty; `key`, one that only names what is gone. */
export type RecordExtent = 'whole' | 'part' | 'key'

/** Why no row comes of a record; `key`: the texts that name what it is about, where they could be made. */
export interface ShapeTrouble extends RowTrouble {
  readonly key: readonly string[] | undefined
}

export class RowShaper {
  /** Where the columns of the rows stand in them. */
  readonly fields: readonly number[]
  /** The row made last. */
  readonly made: MadeRecord
  readonly #projection: Projection
  readonly #reads: readonly string[]
  readonly #texts: RecordTexts
  readonly #makers: readonly Made[]
  /** Columns that each value is made of, by their place among those that are read. */
  readonly #madeOf: readonly (readonly number[])[]
  /** Of a column that is as it stands, its place among those that are read. */
  readonly #places: readonly (number | undefined)[]
  #extent: RecordExtent = 'whole'
  readonly #passes: (() => boolean | Unfit) | undefined
  readonly #filterReads: readonly number[]
  readonly #joinedKeys: readonly JoinedKey[]
  readonly #values: (string | readonly string[])[]
  /** The column with several values, of the record taken last. */
  #several: number | undefined

  constructor(projection: Projection, expressions: CompileExpression) {
    const { shapes, absent, where } = projection.shaping ?? { shapes: [], absent: [], where: undefined }
    const read = new ColumnsRead()
    const places = projection.columns.map((_, index) => read.without(absent[index]))
    const placeIn = (index: number) => places[index] ?? read.without(undefined)
    const ofFilter = read.without(where?.absent)
    const columnsOf = (index: number): readonly string[] => {
      const shape = shapes[index]
      return shape === undefined
        ? [projection.sourceColumns[index] ?? '']
        : columnsOfShape(shape, expressions)
    }
    const filter = where === undefined ? undefined : expressions(where.text)
    this.#madeOf = projection.columns.map((_, index) => columnsOf(index).map(placeIn(index)))
    this.#filterReads = (filter?.columns ?? []).map(ofFilter)
    this.#reads = read.columns
    const texts = new RecordTexts(read.absent)
    this.#texts = texts
    this.#makers = projection.columns.map((_, index) => {
      const shape = shapes[index]
      const [place = 0] = this.#madeOf[index] ?? []
      return shape === undefined
        ? () => texts.text(place)
        : compileShape(shape, { texts, at: placeIn(index), expressions })
    })
    this.#places = projection.columns.map((_, index) =>
      shapes[index] === undefined ? this.#madeOf[index]?.[0] : undefined,
    )
    this.#passes = filter && passing(evaluating(filter, texts, ofFilter))
    this.#joinedKeys = projection.required.flatMap((column) => {
      const origin = shapes[column]?.origin
      return origin?.kind === 'join'
        ? [{ column, between: origin.between, of: this.#madeOf[column] ?? [] }]
        : []
    })
    this.#values = projection.columns.map(() => '')
    this.fields = projection.columns.map((_, index) => index)
    this.made = new MadeRecord(projection.columns.length)
    this.#projection = projection
  }

  /** Says what stands where in the records to come. */
  read(file: string, { columns }: Pick<Header, 'columns'>): void {
    this.#texts.read(
      this.#reads.map((column) => {
        const at = columns.indexOf(columnName(column))
        const near = nearMatch(column, columns)
        if (at === -1) throw new MissingColumnError(file, this.#projection.mapping, column, columns, near)
        return at
      }),
    )
  }

  /**
   * Takes a record: how many rows come of it, none where the filter leaves it out; or why it cannot be taken. Of a `part`, the
   * filter counts only where all that it reads is there.
   */
  take(buffer: Uint8Array, record: RecordFields, extent: RecordExtent = 'whole'): number | ShapeTrouble {
    this.#texts.take(buffer, record)
    this.#extent = extent
    this.#several = undefined
    const decided = extent === 'whole' || (extent === 'part' && this.#areThere(this.#filterReads))
    const passes = this.#passes !== undefined && decided ? this.#passes() : true
    if (passes === false) return 0
    const unfit = passes === true ? this.#make() : { column: null, unfit: passes }
    if (unfit !== undefined) return this.#trouble(unfit)
    const several = this.#several
    return several === undefined ? 1 : Math.max(1, this.#values[several]?.length ?? 0)
  }

  /** Writes one of the rows of the record taken last. */
  write(row: number): RowTrouble | undefined {
    const { made } = this
    made.clear()
    for (let column = 0; column < this.#values.length; column++) {
      const place = this.#places[column]
      if (place === undefined) {
        const value = this.#values[column] ?? ''
        made.add(typeof value === 'string' ? value : (value[row] ?? ''))
      } else if (this.#isMade(column)) this.#texts.copyTo(made, place)
      else made.add('')
    }
    return (made.any & flag.nul) === 0
      ? undefined
      : { column: null, reason: 'a value that was made holds a NUL character' }
  }

  #make(): Failed | undefined {
    for (const joined of this.#joinedKeys) {
      const found = this.#keyTrouble(joined)
      if (found !== undefined) return { column: joined.column, unfit: found }
    }
    for (let column = 0; column < this.#makers.length; column++) {
      const value = this.#valueOf(column)
      if (value instanceof Unfit) return { column, unfit: value }
      this.#values[column] = value
      if (typeof value !== 'string') this.#several = column
    }
    for (const { column, of } of this.#joinedKeys) if (!this.#areThere(of)) this.#values[column] = ''
    return undefined
  }

  /** Of what is as it stands no text is made. */
  #valueOf(column: number): string | readonly string[] | Unfit {
    if (this.#places[column] !== undefined || !this.#isMade(column)) return ''
    return this.#makers[column]?.() ?? ''
  }

  /** What leaves other values alone makes none of what is not there. */
  #isMade(column: number): boolean {
    if (this.#extent === 'whole') return true
    if (this.#extent === 'key') return this.#projection.required.includes(column)
    const of = this.#madeOf[column] ?? []
    return of.length === 0 || this.#areThere(of)
  }

  #areThere(columns: readonly number[]): boolean {
    return columns.every((column) => this.#texts.text(column) !== '')
  }

  /** Two keys would be one where a part holds what stands between the parts. */
  #keyTrouble({ between, of }: JoinedKey): Unfit | undefined {
    if (between === '') return undefined
    const part = of.map((column) => this.#texts.text(column)).find((text) => text.includes(between))
    return part === undefined
      ? undefined
      : Unfit.not(part, `a part of a key: it holds "${between}", which stands between the parts`)
  }

  #trouble({ column, unfit }: Failed): ShapeTrouble {
    const key = column === null || this.#projection.required.includes(column) ? undefined : this.#keyTexts()
    return {
      column: column === null ? 'where' : (this.#projection.columns[column] ?? null),
      reason: unfit.reason,
      key,
    }
  }

  /** The texts that name the row, though another of its values cannot be made. */
  #keyTexts(): readonly string[] | undefined {
    const made = this.#projection.required.map((column) => this.#makers[column]?.())
    const texts = made.flat().filter((text) => typeof text === 'string')
    return made.some((one) => one instanceof Unfit) ? undefined : texts
  }
}

interface Failed {
  /** `null`: the filter. */
  readonly column: number | null
  readonly unfit: Unfit
}

interface JoinedKey {
  readonly column: number
  readonly between: string
  readonly of: readonly number[]
}

function passing(evaluate: ReturnType<typeof evaluating>): () => boolean | Unfit {
  return () => {
    const found = evaluate()
    if (typeof found === 'boolean' || found instanceof Unfit) return found
    return Unfit.not(String(found), 'true or false, as a filter has to be')
  }
}
