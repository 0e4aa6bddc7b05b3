/**
 * Takes the rows of a file for one mapping on the careful way: null keys to their side file, rows
 * without a link to nowhere, all others with their sort key to the intermediate file.
 *
 * @module
 */
import { join } from 'node:path'
import { FileWriter, type OutputFile } from '@sluice/files'
import type { Projection } from '../projection.ts'
import { badRow, textOf } from '../read/bad-row.ts'
import { fieldText } from '../read/field-text.ts'
import type { RecordFields } from '../read/record-fields.ts'
import type { BadRow, RecordSink, RowTrouble } from '../read/record-sink.ts'
import { createPrepared } from '../write/prepared-mapping.ts'
import type { Rejections } from '../write/rejections.ts'
import { Respelling } from '../write/respelling.ts'
import { RowWriter } from '../write/row-writer.ts'
import { tooLong } from '../write/staged-size.ts'
import { IllegalRows } from './illegal-rows.ts'
import { RowPlaces } from './row-places.ts'

export interface MappingRowsRequest {
  readonly projection: Projection
  /** Where prepared files go. */
  readonly folder: string
  readonly tempFolder: string
  readonly rejections: Rejections
}

export class MappingRows implements RecordSink {
  readonly projection: Projection
  readonly places = new RowPlaces()
  readonly illegal: IllegalRows
  /** Of the intermediate file. */
  readonly path: string
  read = 0
  rejected = 0
  nullKey = 0
  noLink = 0
  /** Rows in the intermediate file. */
  keyed = 0

  readonly #rejections: Rejections
  readonly #keyedFile: FileWriter
  readonly #nullKeyFile: OutputFile
  /** Absent where every text is written as it came. */
  readonly #respelling: Respelling | undefined
  readonly #keyedRows: RowWriter
  readonly #nullKeyRows: RowWriter
  readonly #second: readonly number[] | undefined
  /** Not every text is a value in each of its columns. */
  readonly #judged: boolean
  #bad: BadRow[] = []
  #fields: readonly number[] = []
  #separator = ','

  private constructor(
    request: MappingRowsRequest,
    path: string,
    keyedFile: FileWriter,
    nullKeyFile: OutputFile,
  ) {
    this.projection = request.projection
    this.illegal = new IllegalRows(request.projection)
    this.#judged = request.projection.checks.length > 0
    this.path = path
    this.#rejections = request.rejections
    this.#keyedFile = keyedFile
    this.#nullKeyFile = nullKeyFile
    this.#second = secondSort(request.projection)
    this.#respelling = Respelling.of(request.projection)
    this.#keyedRows = new RowWriter(this.#respelling)
    this.#nullKeyRows = new RowWriter(this.#respelling)
  }

  static async create(request: MappingRowsRequest): Promise<MappingRows> {
    const { projection, folder, tempFolder } = request
    const path = join(tempFolder, `${projection.mapping}.keyed`)
    const nullKeyFile = await createPrepared(folder, projection, 'nullpk')
    return new MappingRows(request, path, await FileWriter.create(path), nullKeyFile)
  }

  /** What the report has to say of the rows. */
  notes(): readonly string[] {
    return this.#respelling?.notes() ?? []
  }

  /** Bytes of the longest line of the intermediate file. */
  get longest(): number {
    return this.#keyedRows.longest
  }

  /** Says where the mapping's columns stand in the file that comes next. */
  begin(file: string, fields: readonly number[], separator: string): void {
    this.places.begin(file)
    this.#fields = fields
    this.#separator = separator
    this.#respelling?.read(fields)
    this.#keyedRows.read(fields, separator)
    this.#nullKeyRows.read(fields, separator)
  }

  row(buffer: Uint8Array, record: RecordFields, line: number): undefined {
    const reason = tooLong(record, this.#fields)
    if (reason !== undefined) {
      this.#rejectRow(buffer, record, line, { column: null, reason })
      return
    }
    this.read++
    if (this.#hasNoKey((column) => this.#keyedRows.isEmpty(record, column), buffer, record)) return
    const trouble = this.#respelling?.take(buffer, record)
    if (trouble !== undefined) {
      this.read--
      this.#rejectRow(buffer, record, line, trouble)
      return
    }
    if (this.#respelling?.any === true && this.#hasNoKey(this.#isNothing(record), buffer, record)) return
    this.keyed++
    const ordinal = this.places.ordinalOf(line, this.#respelling?.key)
    if (this.#judged) {
      const textOf = (column: number) => this.#textOf(buffer, record, column)
      this.illegal.look(textOf, () => ({ ordinal, file: this.places.file, line }))
    }
    this.#keyedRows.writeKeyedRow(buffer, record, ordinal, this.projection.unique, this.#second)
  }

  #textOf(buffer: Uint8Array, record: RecordFields, column: number): string {
    return this.#respelling?.texts[column]?.toString() ?? fieldText(buffer, record, this.#fields[column] ?? 0)
  }

  /** Of the record that the respelling has taken. */
  #isNothing(record: RecordFields): (column: number) => boolean {
    return (column) => this.#respelling?.isEmptied(column) === true || this.#keyedRows.isEmpty(record, column)
  }

  /** Puts a row without a key where it belongs; `false` when it has one. */
  #hasNoKey(isNothing: (column: number) => boolean, buffer: Uint8Array, record: RecordFields): boolean {
    const { required, inline } = this.projection
    if (!required.some(isNothing)) return false
    if (inline !== undefined && !isNothing(inline.own)) {
      this.noLink++
    } else {
      this.nullKey++
      this.#respelling?.takeUnnamed(buffer, record)
      this.#nullKeyRows.writeRow(buffer, record)
    }
    return true
  }

  #rejectRow(buffer: Uint8Array, record: RecordFields, line: number, trouble: RowTrouble): void {
    this.reject(badRow({ file: this.places.file, line, ...trouble }, textOf(buffer, record), this.#separator))
  }

  reject(row: BadRow): void {
    this.read++
    this.rejected++
    this.#bad.push(row)
  }

  async drain(): Promise<void> {
    await this.#keyedFile.write(this.#keyedRows.bytes())
    this.#keyedRows.clear()
    await this.#nullKeyFile.write(this.#nullKeyRows.bytes())
    this.#nullKeyRows.clear()
    await this.#rejections.write(this.projection.mapping, this.#bad)
    this.#bad = []
  }

  async finish(): Promise<void> {
    await this.#keyedFile.finish()
    await this.#nullKeyFile.finish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keyedFile[Symbol.asyncDispose]()
    await this.#nullKeyFile[Symbol.asyncDispose]()
  }
}

/**
 * The columns of a second sort, where order by the unique columns is not the order asked for. A file
 * sorted by `a` is sorted by `a, b` too when `a` is unique.
 */
export function secondSort({ unique, order }: Projection): readonly number[] | undefined {
  return unique.every((column, index) => order[index] === column) ? undefined : order
}
