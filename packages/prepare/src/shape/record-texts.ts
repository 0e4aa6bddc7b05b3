/**
 * The texts of one record by the columns that are asked for.
 *
 * A record is decoded once: where it is ASCII, as most are, every field is a piece of that one text.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { fieldText } from '../read/field-text.ts'
import { flag, type RecordParser } from '../read/record-parser.ts'

export class RecordTexts {
  #fields: readonly number[] = []
  #buffer: Uint8Array = new Uint8Array()
  #bytes: Buffer = Buffer.alloc(0)
  #parser: RecordParser | undefined
  /** The record, where a character is a byte. */
  #record: string | undefined
  #start = 0

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[]): void {
    this.#fields = fields
  }

  /** Takes the next record. */
  take(buffer: Uint8Array, parser: RecordParser): void {
    if (this.#buffer !== buffer) this.#bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length)
    this.#buffer = buffer
    this.#parser = parser
    this.#start = parser.starts[0] ?? 0
    const record = this.#bytes.toString('utf8', this.#start, parser.contentEnd)
    this.#record = record.length === parser.contentEnd - this.#start ? record : undefined
  }

  /** Of the record taken last; `column` is the position among the columns asked for. */
  text(column: number): string {
    const field = this.#fields[column] ?? 0
    const parser = this.#parser
    if (parser === undefined) return ''
    if (this.#record === undefined || ((parser.flags[field] ?? 0) & flag.doubled) !== 0)
      return fieldText(this.#buffer, parser, field)
    return this.#record.slice(
      (parser.starts[field] ?? 0) - this.#start,
      (parser.ends[field] ?? 0) - this.#start,
    )
  }

  /** Whether the field is written without quotes in any file, too. */
  isPlain(column: number): boolean {
    return ((this.#parser?.flags[this.#fields[column] ?? 0] ?? 0) & flag.special) === 0
  }
}
