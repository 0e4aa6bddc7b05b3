/**
 * The first rows of a mapping, before and after: what its filter and its shaped values make of them.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import {
  associationColumns,
  comparableColumn,
  type EntityModel,
  entityColumns,
  hiddenValue,
  type PrepareSettings,
  type Source,
} from '@sluice/model'
import { openTable } from './judge/open-table.ts'
import { scannedFile, scanRecords } from './judge/scan-records.ts'
import { judgeTriedRow } from './judge-tried-row.ts'
import { PrepareProgress } from './prepare-progress.ts'
import { type Projection, projectionsOf } from './projection.ts'
import { fieldText } from './read/field-text.ts'
import type { SourceFile } from './read/plain-file.ts'
import { columnName, type Header } from './read/read-header.ts'
import type { RecordParser } from './read/record-parser.ts'
import type { BadRow, RecordSink } from './read/record-sink.ts'
import { tableChunks } from './read/source-table.ts'
import { shaperOf } from './shape/load-expressions.ts'
import type { RowShaper } from './shape/row-shaper.ts'

export interface TriedRow {
  readonly mapping: string
  readonly file: string
  /** Its first physical line. */
  readonly line: number
  /** The texts of the columns that the mapping reads. */
  readonly before: Readonly<Record<string, string>>
  readonly outcome: 'taken' | 'filtered' | 'rejected'
  /** Why it is rejected. */
  readonly reason: string | null
  /** The rows that come of it, by property or end; several where a column holds several values. */
  readonly after: readonly Readonly<Record<string, string>>[]
}

export interface TryRequest {
  readonly source: Source
  readonly model: EntityModel
  /** Name of the mapping. */
  readonly mapping: string
  /** The file of the mapping, or its part files. */
  readonly parts: readonly SourceFile[]
  readonly rows: number
  readonly settings: PrepareSettings
  /** Columns of the file that are shown as three stars, as `hiddenColumns` finds them, and properties likewise; secrets are in any case. */
  readonly hidden?:
    | { readonly columns: ReadonlySet<string>; readonly properties: readonly string[] }
    | undefined
}

/** `undefined` where the source has no such mapping. Secrets are shown as three stars. */
export async function tryMapping(request: TryRequest): Promise<readonly TriedRow[] | undefined> {
  const projection = projectionsOf(request.source, request.model).find(
    (one) => one.mapping === request.mapping,
  )
  if (projection === undefined) return undefined
  await using temporary = new TemporaryFolder('sluice-try-')
  const tempFolder = () => temporary.path()
  const enough = new AbortController()
  const tried = {
    projection,
    shaper: await shaperOf(projection),
    names: namesOf(request),
    hidden: request.hidden,
  }
  const sink = new TrySink(tried, request.rows, () => enough.abort())
  try {
    const { settings } = request
    const progress = new PrepareProgress(request.source.name, undefined)
    const context = { tempFolder, settings, progress, signal: undefined, note: () => undefined }
    const table = await openTable(request.parts, projection.format, [projection], context)
    for (const file of table.files) {
      sink.begin(file.plain.source.name, file.header)
      const chunks = tableChunks(file, { progress, signal: enough.signal }, () => undefined)
      await scanRecords(chunks, scannedFile(table, file, settings.maximumFieldSize), sink)
    }
  } catch (error) {
    if (!enough.signal.aborted) throw error
  }
  return sink.tried
}

/** What a column of prepared files is for. */
type Named = readonly { readonly name: string; readonly column: string }[]

function namesOf({ source, model, mapping }: TryRequest): Named {
  const entity = source.entities.find(({ name }) => name === mapping)
  if (entity !== undefined) {
    const columns = entityColumns(entity, model)
    return entity.properties.flatMap(({ property }) => namedParts(property, columns.partsOf(property)))
  }
  const association = source.associations.find(({ name }) => name === mapping)
  if (association === undefined) return []
  const columns = associationColumns(association, model)
  const ends = [
    { name: 'from', column: columns.from.name },
    { name: 'to', column: columns.to.name },
  ]
  return [
    ...ends,
    ...association.properties.flatMap(({ property }) => namedParts(property, columns.partsOf(property))),
  ]
}

function namedParts(property: string, parts: readonly { readonly name: string }[]): Named {
  return parts.map(({ name: column }, index) => ({
    name: parts.length === 1 ? property : `${property} ${index + 1}`,
    column,
  }))
}

interface Tried {
  readonly projection: Projection
  readonly shaper: RowShaper | undefined
  readonly names: Named
  readonly hidden: TryRequest['hidden']
}

class TrySink implements RecordSink {
  readonly tried: TriedRow[] = []
  readonly #projection: Projection
  readonly #shaper: RowShaper | undefined
  readonly #names: Named
  readonly #rows: number
  readonly #enough: () => void
  readonly #secret: ReadonlySet<string>
  /** A row that cannot be taken apart may show anything. */
  readonly #hidesRows: boolean
  #file = ''
  #columns: readonly (readonly [string, number])[] = []

  constructor({ projection, shaper, names, hidden }: Tried, rows: number, enough: () => void) {
    this.#projection = projection
    this.#shaper = shaper
    this.#names = names
    this.#rows = rows
    this.#enough = enough
    const secrets = projection.secrets.flatMap(({ column, property }) => [
      property,
      projection.sourceColumns[column] ?? '',
    ])
    const columns = projection.wanted.filter((column) => hidden?.columns.has(comparableColumn(column)))
    this.#secret = new Set([...secrets, ...columns, ...(hidden?.properties ?? [])])
    this.#hidesRows = this.#secret.size + (hidden?.columns.size ?? 0) > 0
  }

  begin(file: string, header: Header): void {
    this.#file = file
    this.#columns = this.#projection.wanted.map((column) => [
      column,
      header.columns.indexOf(columnName(column)),
    ])
    this.#shaper?.read(file, header)
  }

  row(buffer: Uint8Array, parser: RecordParser, line: number): undefined {
    if (this.tried.length === this.#rows) return
    const before = this.#shown(
      this.#columns.map(([column, field]) => [column, fieldText(buffer, parser, field)]),
    )
    this.tried.push({
      mapping: this.#projection.mapping,
      file: this.#file,
      line,
      before,
      ...this.#made(buffer, parser),
    })
  }

  #made(buffer: Uint8Array, parser: RecordParser): Pick<TriedRow, 'outcome' | 'reason' | 'after'> {
    const shaper = this.#shaper
    const { sourceColumns } = this.#projection
    if (shaper === undefined) {
      const field = new Map(this.#columns)
      const row = sourceColumns.map((column) => fieldText(buffer, parser, field.get(column) ?? 0))
      const judged = judgeTriedRow(this.#projection, row)
      return 'texts' in judged
        ? { outcome: 'taken', reason: null, after: [this.#named(judged.texts)] }
        : rejected(judged.column, judged.reason)
    }
    const rows = shaper.take(buffer, parser)
    if (typeof rows !== 'number') return rejected(rows.column, rows.reason)
    const after: Readonly<Record<string, string>>[] = []
    for (let row = 0; row < rows; row++) {
      const trouble = shaper.write(row)
      if (trouble !== undefined) return rejected(trouble.column, trouble.reason)
      const made = sourceColumns.map((_, index) => fieldText(shaper.made.bytes, shaper.made, index))
      const judged = judgeTriedRow(this.#projection, made)
      if (!('texts' in judged)) return rejected(judged.column, judged.reason)
      after.push(this.#named(judged.texts))
    }
    return { outcome: rows === 0 ? 'filtered' : 'taken', reason: null, after }
  }

  #named(row: readonly string[]): Readonly<Record<string, string>> {
    const { columns } = this.#projection
    return this.#shown(this.#names.map(({ name, column }) => [name, row[columns.indexOf(column)] ?? '']))
  }

  #shown(texts: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
    const hidden = texts.map(
      ([name, text]) => [name, this.#secret.has(name) && text !== '' ? hiddenValue : text] as const,
    )
    return Object.fromEntries(hidden)
  }

  reject({ file, line, column, reason, text }: BadRow): void {
    if (this.tried.length === this.#rows) return
    const before = { row: this.#hidesRows ? hiddenValue : text }
    this.tried.push({ mapping: this.#projection.mapping, file, line, before, ...rejected(column, reason) })
  }

  async drain(): Promise<void> {
    if (this.tried.length === this.#rows) this.#enough()
  }
}

function rejected(column: string | null, reason: string): Pick<TriedRow, 'outcome' | 'reason' | 'after'> {
  return { outcome: 'rejected', reason: column === null ? reason : `${column}: ${reason}`, after: [] }
}
