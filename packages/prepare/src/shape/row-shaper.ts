/**
 * Makes the rows of a mapping of the records of a file: leaves out those its filter does not let pass, and makes its shaped values.
 *
 * What comes of a record is a record again, of the mapping's columns in their order, so that whoever takes rows takes these as if
 * they had stood in the file.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { nearMatch } from '@sluice/model'
import { MissingColumnError } from '../prepare-errors.ts'
import type { Projection } from '../projection.ts'
import { columnName, type Header } from '../read/read-header.ts'
import { RecordParser } from '../read/record-parser.ts'
import type { RowTrouble } from '../read/record-sink.ts'
import { csvField } from '../write/row-writer.ts'
import {
  type CompileExpression,
  columnsOfShape,
  compileShape,
  evaluating,
  type Made,
} from './compile-shape.ts'
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
  /** The bytes of the row made last, and where its fields are. */
  bytes: Buffer = Buffer.allocUnsafe(1 << 12)
  readonly parser = new RecordParser({ separator: ',', lineEnds: 'lf', maximumFieldSize: 1 << 30 })
  readonly #projection: Projection
  readonly #reads: readonly string[]
  readonly #texts: RecordTexts
  readonly #makers: readonly Made[]
  /** Columns that each value is made of, by their place among those that are read. */
  readonly #madeOf: readonly (readonly number[])[]
  /** Of a column that is as it stands, its place among those that are read. */
  readonly #places: readonly (number | undefined)[]
  readonly #passes: (() => boolean | Unfit) | undefined
  readonly #filterReads: readonly number[]
  readonly #joinedKeys: readonly JoinedKey[]
  readonly #values: (string | readonly string[])[]
  /** The column with several values, of the record taken last. */
  #several: number | undefined

  constructor(projection: Projection, expressions: CompileExpression) {
    const { shapes, where } = projection.shaping ?? { shapes: [], where: undefined }
    const read = new Map<string, number>()
    const at = (column: string) => {
      const place = read.get(column) ?? read.size
      read.set(column, place)
      return place
    }
    const columnsOf = (index: number): readonly string[] => {
      const shape = shapes[index]
      return shape === undefined
        ? [projection.sourceColumns[index] ?? '']
        : columnsOfShape(shape, expressions)
    }
    const filter = where === undefined ? undefined : expressions(where.text)
    this.#madeOf = projection.columns.map((_, index) => columnsOf(index).map(at))
    this.#filterReads = (filter?.columns ?? []).map(at)
    this.#reads = [...read.keys()]
    const texts = new RecordTexts()
    this.#texts = texts
    this.#makers = projection.columns.map((_, index) => {
      const shape = shapes[index]
      const [place = 0] = this.#madeOf[index] ?? []
      return shape === undefined ? () => texts.text(place) : compileShape(shape, { texts, at, expressions })
    })
    this.#places = projection.columns.map((_, index) =>
      shapes[index] === undefined ? this.#madeOf[index]?.[0] : undefined,
    )
    this.#passes = filter && passing(evaluating(filter, texts, at))
    this.#joinedKeys = projection.required.flatMap((column) => {
      const origin = shapes[column]?.origin
      return origin?.kind === 'join'
        ? [{ column, between: origin.between, of: this.#madeOf[column] ?? [] }]
        : []
    })
    this.#values = projection.columns.map(() => '')
    this.fields = projection.columns.map((_, index) => index)
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
  take(buffer: Uint8Array, parser: RecordParser, extent: RecordExtent = 'whole'): number | ShapeTrouble {
    this.#texts.take(buffer, parser)
    this.#several = undefined
    const decided = extent === 'whole' || (extent === 'part' && this.#areThere(this.#filterReads))
    const passes = this.#passes !== undefined && decided ? this.#passes() : true
    if (passes === false) return 0
    const unfit = passes === true ? this.#make(extent) : { column: null, unfit: passes }
    if (unfit !== undefined) return this.#trouble(unfit)
    const several = this.#several
    return several === undefined ? 1 : Math.max(1, this.#values[several]?.length ?? 0)
  }

  /** Writes one of the rows of the record taken last. */
  write(row: number): RowTrouble | undefined {
    let line = ''
    for (let column = 0; column < this.#values.length; column++) {
      const value = this.#values[column] ?? ''
      const text = typeof value === 'string' ? value : (value[row] ?? '')
      const asItStands = this.#places[column]
      const bare = asItStands !== undefined && this.#texts.isPlain(asItStands)
      line += `${column === 0 ? '' : ','}${bare ? text : csvField(text)}`
    }
    const most = 3 * line.length + 1
    if (this.bytes.length < most) this.bytes = Buffer.allocUnsafe(2 * most)
    const end = this.bytes.write(line, 0, 'utf8')
    this.bytes[end] = 0x0a
    this.parser.parse(this.bytes, 0, end + 1, true)
    return line.includes('\0')
      ? { column: null, reason: 'a value that was made holds a NUL character' }
      : undefined
  }

  #make(extent: RecordExtent): Failed | undefined {
    for (const joined of this.#joinedKeys) {
      const found = this.#keyTrouble(joined)
      if (found !== undefined) return { column: joined.column, unfit: found }
    }
    for (let column = 0; column < this.#makers.length; column++) {
      const value = this.#isMade(column, extent) ? (this.#makers[column]?.() ?? '') : ''
      if (value instanceof Unfit) return { column, unfit: value }
      this.#values[column] = value
      if (typeof value !== 'string') this.#several = column
    }
    for (const { column, of } of this.#joinedKeys) if (!this.#areThere(of)) this.#values[column] = ''
    return undefined
  }

  /** What leaves other values alone makes none of what is not there. */
  #isMade(column: number, extent: RecordExtent): boolean {
    if (extent === 'whole') return true
    if (extent === 'key') return this.#projection.required.includes(column)
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
