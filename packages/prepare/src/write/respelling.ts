/**
 * Puts the names of resources into their one spelling, and hides secrets, record by record, before anything is written, sorted or compared.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { hideSecret } from '@sluice/files'
import { cutText, storableText } from '@sluice/model'
import type { Projection, SpelledColumn } from '../projection.ts'
import { fieldText } from '../read/field-text.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { RowTrouble } from '../read/record-sink.ts'

/** Names in another spelling, of one column. */
interface Met {
  count: number
  readonly text: string
  readonly spelling: string
}

export class Respelling {
  /** By column of the prepared file, what takes the place of the field of the record taken last; absent where it is as it came. */
  readonly texts: (Buffer | undefined)[]
  /** Some field of the record taken last is in another spelling, or hidden. */
  any = false
  /** Its key is. */
  key = false
  readonly #projection: Projection
  readonly #met = new Map<number, Met>()
  #fields: readonly number[] = []

  private constructor(projection: Projection) {
    this.#projection = projection
    this.texts = projection.columns.map(() => undefined)
  }

  /** `undefined` where every text stays as it came. */
  static of(projection: Projection): Respelling | undefined {
    return projection.spelled.length + projection.secrets.length === 0
      ? undefined
      : new Respelling(projection)
  }

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[]): void {
    this.#fields = fields
  }

  /** Looks at a record; why its row cannot be taken, if it has a key that is no value. */
  take(buffer: Uint8Array, parser: RecordParser): RowTrouble | undefined {
    this.any = false
    this.key = false
    for (const spelled of this.#projection.spelled) {
      const { column, spelling, isKey } = spelled
      const text = fieldText(buffer, parser, this.#fields[column] ?? 0)
      const own = text === '' ? text : spelling.of(text)
      if (own === undefined && isKey)
        return { column: this.#projection.sourceColumns[column] ?? null, reason: `not ${spelling.expected}` }
      const differs = own !== undefined && own !== text
      this.texts[column] = differs ? Buffer.from(own) : undefined
      if (differs) this.#differs(spelled, text, own)
    }
    if (this.#projection.secrets.length > 0) this.#hide(buffer, parser)
    return undefined
  }

  /** Looks at a record without a key, of which only secrets are not written as they came. */
  takeUnnamed(buffer: Uint8Array, parser: RecordParser): void {
    this.any = false
    for (const { column } of this.#projection.spelled) this.texts[column] = undefined
    if (this.#projection.secrets.length > 0) this.#hide(buffer, parser)
  }

  #hide(buffer: Uint8Array, parser: RecordParser): void {
    const textOf = (column: number) => fieldText(buffer, parser, this.#fields[column] ?? 0)
    const key = this.#projection.unique
      .map((column) => this.texts[column]?.toString() ?? textOf(column))
      .join('/')
    for (const { column, ...of } of this.#projection.secrets) {
      this.texts[column] = Buffer.from(hideSecret({ ...of, key }, textOf(column)))
      this.any = true
    }
  }

  #differs({ column, spelling }: SpelledColumn, text: string, own: string): void {
    this.any = true
    this.key ||= this.#projection.unique.includes(column)
    // A format is known to the mapping, and capitals are no news.
    if (spelling.foreign || text.toLowerCase() === own) return
    const met = this.#met.get(column)
    if (met === undefined) this.#met.set(column, { count: 1, text, spelling: own })
    else met.count++
  }

  /** What the report has to say of the names that were met in another spelling. */
  notes(): readonly string[] {
    return [...this.#met].map(([column, { count, text, spelling }]) => {
      const { mapping, sourceColumns } = this.#projection
      const values = count === 1 ? '1 value' : `${count} values`
      const example = `${cutText(storableText(text), 50)} is read as ${spelling}`
      return `${mapping}: ${values} of the column ${sourceColumns[column]} ${count === 1 ? 'is' : 'are'} compared by what ${count === 1 ? 'it says' : 'they say'}, not as written: ${example}`
    })
  }
}
