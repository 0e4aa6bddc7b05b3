/**
 * The texts of one record by the columns that are asked for, each decoded once.
 *
 * @module
 */
import { fieldText } from '../read/field-text.ts'
import type { RecordParser } from '../read/record-parser.ts'

export class RecordTexts {
  readonly #texts: (string | undefined)[]
  #fields: readonly number[] = []
  #record: { readonly buffer: Uint8Array; readonly parser: RecordParser } | undefined

  constructor(columns: number) {
    this.#texts = Array.from({ length: columns }, () => undefined)
  }

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[]): void {
    this.#fields = fields
  }

  /** Takes the next record. */
  take(buffer: Uint8Array, parser: RecordParser): void {
    this.#texts.fill(undefined)
    this.#record = { buffer, parser }
  }

  /** Of the record taken last; `column` is the position among the columns asked for. */
  text(column: number): string {
    const known = this.#texts[column]
    if (known !== undefined) return known
    if (this.#record === undefined) return ''
    const { buffer, parser } = this.#record
    const text = fieldText(buffer, parser, this.#fields[column] ?? 0)
    this.#texts[column] = text
    return text
  }
}
