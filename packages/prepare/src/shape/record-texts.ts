/**
 * The texts of one record by the columns that are asked for.
 *
 * A record is decoded once: where it is ASCII, as most are, every field is a piece of that one text.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { RecordFields } from '../read/record-fields.ts'
import { flag } from '../read/record-parser.ts'
import type { MadeRecord } from './made-record.ts'

export class RecordTexts {
  #fields: readonly number[] = []
  #buffer: Uint8Array = new Uint8Array()
  #bytes: Buffer = Buffer.alloc(0)
  #found: RecordFields | undefined
  /** By column, texts that are read as empty ones. */
  readonly #absent: readonly (ReadonlySet<string> | undefined)[]
  /** The record, where a character is a byte. */
  #record: string | undefined
  #start = 0

  constructor(absent: readonly (ReadonlySet<string> | undefined)[]) {
    this.#absent = absent
  }

  /** Says where the columns stand in the records to come. */
  read(fields: readonly number[]): void {
    this.#fields = fields
  }

  /** Takes the next record. */
  take(buffer: Uint8Array, record: RecordFields): void {
    if (this.#buffer !== buffer) this.#bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length)
    this.#buffer = buffer
    this.#found = record
    this.#start = record.starts[0] ?? 0
    const text = this.#bytes.toString('utf8', this.#start, record.contentEnd)
    this.#record = text.length === record.contentEnd - this.#start ? text : undefined
  }

  /** Of the record taken last; `column` is the position among the columns asked for. */
  text(column: number): string {
    const text = this.#written(column)
    return this.#absent[column]?.has(text) === true ? '' : text
  }

  #written(column: number): string {
    const field = this.#fields[column] ?? 0
    const found = this.#found
    if (found === undefined) return ''
    const start = found.starts[field] ?? 0
    const end = found.ends[field] ?? 0
    const text =
      this.#record?.slice(start - this.#start, end - this.#start) ?? this.#bytes.toString('utf8', start, end)
    return ((found.flags[field] ?? 0) & flag.doubled) === 0 ? text : text.replaceAll('""', '"')
  }

  /** Writes the field as it stands. */
  copyTo(made: MadeRecord, column: number): void {
    if (this.#found !== undefined) made.copy(this.#buffer, this.#found, this.#fields[column] ?? 0)
  }
}
