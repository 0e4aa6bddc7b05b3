/**
 * Cleanses the texts of records, puts the names of resources into their one spelling, and hides secrets, record by record, before anything is written, sorted or compared.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { hideSecret } from '@sluice/files'
import { cutText, storableText } from '@sluice/model'
import type { Projection, SpelledColumn } from '../projection.ts'
import { fieldText } from '../read/field-text.ts'
import type { RecordFields } from '../read/record-fields.ts'
import type { RowTrouble } from '../read/record-sink.ts'
import { type Cleansing, cleansing } from './cleansing.ts'

/** Names in another spelling, of one column. */
interface Met {
  count: number
  readonly text: string
  readonly spelling: string
}

/** A column whose texts may be written otherwise than they came. */
interface Rewritten {
  readonly column: number
  readonly cleansing: Cleansing | undefined
  readonly spelled: SpelledColumn | undefined
}

export class Respelling {
  /** By column of the prepared file, what takes the place of the field of the record taken last; absent where it is as it came. */
  readonly texts: (Buffer | undefined)[]
  /** Some field of the record taken last is in another spelling, or hidden. */
  any = false
  /** Its key is. */
  key = false
  readonly #projection: Projection
  readonly #columns: readonly Rewritten[]
  readonly #met = new Map<number, Met>()
  /** By column, how many texts were in another form of Unicode. */
  readonly #recomposed = new Map<number, number>()
  #fields: readonly number[] = []

  private constructor(projection: Projection) {
    this.#projection = projection
    this.texts = projection.columns.map(() => undefined)
    this.#columns = rewrittenColumns(projection)
  }

  /** `undefined` where every text stays as it came. */
  static of(projection: Projection): Respelling | undefined {
    const { spelled, cleansed, secrets } = projection
    return spelled.length + cleansed.length + secrets.length === 0 ? undefined : new Respelling(projection)
  }

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[]): void {
    this.#fields = fields
  }

  /** Looks at a record; why its row cannot be taken, if it has a key that is no value. */
  take(buffer: Uint8Array, record: RecordFields): RowTrouble | undefined {
    this.#begin()
    for (const rewritten of this.#columns) {
      const { column, spelled } = rewritten
      const found = this.#lookAt(rewritten, buffer, record)
      if (found === undefined) continue
      if (found.own !== undefined) this.#replace(column, { ...found, own: found.own }, spelled)
      else if (spelled?.isKey === true) {
        const reason = `not ${spelled.spelling.expected}`
        return { column: this.#projection.sourceColumns[column] ?? null, reason }
      }
    }
    if (this.#projection.secrets.length > 0) this.#hide(buffer, record)
    return undefined
  }

  #begin(): void {
    this.any = false
    this.key = false
    for (const { column } of this.#columns) this.texts[column] = undefined
    for (const { column } of this.#projection.secrets) this.texts[column] = undefined
  }

  /** A text that is not in its own spelling; that one is `undefined` where it is no value. */
  #lookAt(
    { column, cleansing, spelled }: Rewritten,
    buffer: Uint8Array,
    record: RecordFields,
  ): { readonly text: string; readonly own: string | undefined } | undefined {
    const field = this.#fields[column] ?? 0
    const start = record.starts[field] ?? 0
    const end = record.ends[field] ?? 0
    if (start === end) return undefined
    if (spelled === undefined && cleansing?.mayDiffer(buffer, start, end) === false) return undefined
    const text = fieldText(buffer, record, field)
    const cleansed = cleansing?.of(text) ?? text
    const own = spelled === undefined || cleansed === '' ? cleansed : spelled.spelling.of(cleansed)
    return own === text ? undefined : { text, own }
  }

  /** The field of the record taken last stands for no value, though it is not empty. */
  isEmptied(column: number): boolean {
    return this.texts[column]?.length === 0
  }

  /** Looks at a record without a key, of which only secrets are not written as they came. */
  takeUnnamed(buffer: Uint8Array, record: RecordFields): void {
    this.#begin()
    if (this.#projection.secrets.length > 0) this.#hide(buffer, record)
  }

  #hide(buffer: Uint8Array, record: RecordFields): void {
    const textOf = (column: number) =>
      this.isEmptied(column) ? '' : fieldText(buffer, record, this.#fields[column] ?? 0)
    const key = this.#projection.unique
      .map((column) => this.texts[column]?.toString() ?? textOf(column))
      .join('/')
    for (const { column, ...of } of this.#projection.secrets) {
      this.texts[column] = Buffer.from(hideSecret({ ...of, key }, textOf(column)))
      this.any = true
    }
  }

  #replace(
    column: number,
    { text, own }: { readonly text: string; readonly own: string },
    spelled: SpelledColumn | undefined,
  ): void {
    this.texts[column] = Buffer.from(own)
    this.any = true
    if (own === '') return
    this.key ||= this.#projection.unique.includes(column)
    if (spelled === undefined) this.#recomposed.set(column, (this.#recomposed.get(column) ?? 0) + 1)
    // A format is known to the mapping, and capitals are no news.
    else if (!spelled.spelling.foreign && text.toLowerCase() !== own) this.#meet(column, text, own)
  }

  #meet(column: number, text: string, spelling: string): void {
    const met = this.#met.get(column)
    if (met === undefined) this.#met.set(column, { count: 1, text, spelling })
    else met.count++
  }

  /** What the report has to say of the names that were met in another spelling. */
  notes(): readonly string[] {
    const { mapping, sourceColumns } = this.#projection
    const recomposed = [...this.#recomposed].map(([column, count]) => {
      const values = count === 1 ? '1 value' : `${count} values`
      return `${mapping}: ${values} of the column ${sourceColumns[column]} ${count === 1 ? 'was' : 'were'} not in Unicode normal form C, in which names are compared`
    })
    const respelled = [...this.#met].map(([column, { count, text, spelling }]) => {
      const values = count === 1 ? '1 value' : `${count} values`
      const example = `${cutText(storableText(text), 50)} is read as ${spelling}`
      return `${mapping}: ${values} of the column ${sourceColumns[column]} ${count === 1 ? 'is' : 'are'} compared by what ${count === 1 ? 'it says' : 'they say'}, not as written: ${example}`
    })
    return [...recomposed, ...respelled]
  }
}

function rewrittenColumns({ cleansed, spelled }: Projection): readonly Rewritten[] {
  const columns = new Set([...cleansed, ...spelled].map(({ column }) => column))
  return [...columns].map((column) => {
    const found = cleansed.find((one) => one.column === column)
    return {
      column,
      cleansing: found && cleansing(found),
      spelled: spelled.find((one) => one.column === column),
    }
  })
}
