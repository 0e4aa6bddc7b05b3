/**
 * The rows that could not be read, written down twice: for the server in `rejected.jsonl`, for
 * people beside each mapping's files as `<mapping>.rejected.csv`.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OutputFile } from '@sluice/files'
import { plainPath } from '@sluice/model'
import type { Manifest, PreparedRejection } from '@sluice/protocol'
import type { Projection } from '../projection.ts'
import type { BadRow } from '../read/record-sink.ts'
import { csvField, headerLine } from './row-writer.ts'

const fileName = 'rejected.jsonl'
/** Characters of fields remembered per mapping; what does not fit may be anything. */
const mostRemembered = 32 << 20

interface RememberedFields {
  readonly texts: Set<string>
  size: number
}

/** Whose row it is stays open, so that none counts as gone. */
function withoutText(row: BadRow): BadRow & Pick<PreparedRejection, 'anyKey'> {
  return { ...row, text: '', fields: [], anyKey: true }
}

function composedOf(field: string): string | undefined {
  const composed = field.normalize('NFC')
  return composed === field ? undefined : composed
}

export class Rejections {
  readonly #folder: string
  readonly #forServer: OutputFile
  readonly #forPeople = new Map<string, OutputFile>()
  readonly #fields = new Map<string, RememberedFields>()
  /** What a field of each mapping's rows may name, beside what it is. */
  readonly #names: ReadonlyMap<string, readonly ((field: string) => string | undefined)[]>
  /** Mappings whose rows may hold secrets, which nobody can tell where a row cannot be read. */
  readonly #beside: ReadonlySet<string>
  #rows = 0

  private constructor(folder: string, forServer: OutputFile, projections: readonly Projection[]) {
    this.#folder = folder
    this.#forServer = forServer
    this.#names = new Map(
      projections.map(({ mapping, spelled, cleansed }) => [
        mapping,
        [
          ...spelled.map(({ spelling }) => spelling.of),
          ...(cleansed.some(({ composed }) => composed) ? [composedOf] : []),
        ],
      ]),
    )
    const files = new Set(
      projections.filter(({ secrets }) => secrets.length > 0).map(({ file }) => plainPath(file)),
    )
    this.#beside = new Set(
      projections.filter(({ file }) => files.has(plainPath(file))).map(({ mapping }) => mapping),
    )
  }

  static async create(folder: string, projections: readonly Projection[]): Promise<Rejections> {
    return new Rejections(folder, await OutputFile.create(join(folder, fileName)), projections)
  }

  async write(mapping: string, found: readonly BadRow[]): Promise<void> {
    await this.#write(mapping, found, this.#beside.has(mapping))
  }

  /** Rows that were read, and whose secrets are hidden. */
  async writeRead(mapping: string, found: readonly BadRow[]): Promise<void> {
    await this.#write(mapping, found, false)
  }

  async #write(mapping: string, found: readonly BadRow[], untold: boolean): Promise<void> {
    if (found.length === 0) return
    const known = found.map((row) => this.#withNames(mapping, row))
    this.#rows += known.length
    this.#remember(mapping, known)
    const rows = untold ? known.map(withoutText) : known
    const lines = rows.map((row) => JSON.stringify({ mapping, ...row } satisfies PreparedRejection))
    await this.#forServer.write(Buffer.from(`${lines.join('\n')}\n`))
    const readable = rows.map(({ file, line, column, reason, text }) =>
      [file, String(line), column ?? '', reason, text].map(csvField).join(','),
    )
    await (await this.#readable(mapping)).write(Buffer.from(`${readable.join('\n')}\n`))
  }

  /** What a field may name, in the spelling in which the server knows it. */
  #withNames(mapping: string, row: BadRow): BadRow {
    const names = (this.#names.get(mapping) ?? []).flatMap((nameOf) =>
      row.fields.flatMap((field) => nameOf(field) ?? []),
    )
    return names.length === 0 ? row : { ...row, fields: [...new Set([...row.fields, ...names])] }
  }

  #remember(mapping: string, rows: readonly BadRow[]): void {
    const fields = this.#fields.get(mapping) ?? { texts: new Set(), size: 0 }
    this.#fields.set(mapping, fields)
    if (rows.some(({ anyKey }) => anyKey === true)) fields.size += mostRemembered + 1
    for (const text of rows.flatMap((row) => row.fields)) {
      fields.size += text.length
      if (fields.size <= mostRemembered) fields.texts.add(text)
    }
  }

  /** Says whether one of the mapping's rows that could not be read may be the row with this key. */
  mayHold(mapping: string, key: readonly string[]): boolean {
    const fields = this.#fields.get(mapping)
    if (fields === undefined) return false
    return fields.size > mostRemembered || key.every((text) => fields.texts.has(text))
  }

  async #readable(mapping: string): Promise<OutputFile> {
    const known = this.#forPeople.get(mapping)
    if (known !== undefined) return known
    const created = await OutputFile.create(join(this.#folder, `${mapping}.rejected.csv`))
    this.#forPeople.set(mapping, created)
    await created.write(headerLine(['file', 'line', 'column', 'reason', 'text']))
    return created
  }

  /** Closes the files; `undefined` when every row could be read, and then there is no file either. */
  async finish(): Promise<Manifest['rejections']> {
    for (const file of this.#forPeople.values()) await file.finish()
    const written = await this.#forServer.finish()
    if (this.#rows === 0) {
      await rm(join(this.#folder, fileName))
      return undefined
    }
    return { name: fileName, ...written, rows: this.#rows }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forServer[Symbol.asyncDispose]()
    for (const file of this.#forPeople.values()) await file[Symbol.asyncDispose]()
  }
}
