/**
 * Writes a table: all records of its files, or those of changes.
 *
 * @module
 */
import type { TemporaryFolder } from '@sluice/files'
import { suggestion } from '@sluice/model'
import type { ExportContext, TableWriter } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { Cells } from '../formats/cells.ts'
import { SourceDocument } from '../formats/document.ts'
import { readRecords } from '../formats/formats.ts'
import { type SourceRecord, textOf, valueAt } from '../formats/record.ts'
import { documentTrouble } from '../formats/trouble.ts'
import type { Place, PlacedFile } from '../places/place.ts'
import { type FoundTable, newerChanges } from './found-table.ts'
import { entriesOf } from './ldif-records.ts'
import { passOn } from './pass-on.ts'

export interface Writing {
  readonly place: Place
  readonly context: ExportContext
  readonly separator: string
  /** For what has to be on a disk. */
  readonly folder: TemporaryFolder
}

function documentOf({ place, context, folder }: Writing, file: PlacedFile): SourceDocument {
  const bytes = { name: file.name, path: place.pathOf(file.name), bytes: () => place.read(file) }
  return new SourceDocument(bytes, folder, context.signal)
}

/** Everything there is; what people should know of it, in sentences. */
export async function writeWhole(writing: Writing, found: FoundTable): Promise<readonly string[]> {
  const { file, kind, files, columns, table } = found
  const documents = files.map((one) => documentOf(writing, one))
  if (kind === 'csv') {
    await passOn(writing.context, file, documents)
    return []
  }
  const writer = await writing.context.table(file, columns)
  const { separator } = writing
  const cells = new Cells(columns, { separator, links: table.links, caseless: kind === 'ldif' })
  const notes: string[] = []
  if (kind === 'ldif') {
    const changes = newerChanges(found).map((one) => documentOf(writing, one))
    const entries = entriesOf({ documents, changes, objectClass: table.objectClass }, notes)
    for await (const records of entries) await writeRows(writer, rowsOf(records, cells))
  } else {
    for (const document of documents)
      for await (const records of readRecords(document, kind, table))
        await writeRows(writer, rowsOf(records, cells))
  }
  refuseMissing(found, cells)
  return [...notes, ...cells.notes]
}

type Row = readonly (string | undefined)[]

function* rowsOf(records: readonly SourceRecord[], cells: Cells): Generator<Row, void, undefined> {
  for (const record of records) yield* cells.rowsOf(record)
}

async function writeRows(writer: TableWriter, rows: Iterable<Row>): Promise<void> {
  for (const row of rows) {
    const wait = writer.write(row)
    if (wait !== undefined) await wait
  }
}

/** A column that no record has is misspelt, or the system has changed: values that are gone would be emptied everywhere. */
function refuseMissing({ file, table, files }: FoundTable, cells: Cells): void {
  const missing = cells.missing.filter((name) => table.optional?.includes(name) !== true)
  const [first] = missing
  if (first === undefined) return
  const place = files.map(({ name }) => name).join(', ')
  throw new ManagedSystemError(
    `${file} has no column ${missing.map((name) => `"${name}"`).join(', ')} in any record of ${place}.`,
    {
      remedy: `${suggestion(first, cells.names) ?? `The first has ${cells.names.join(', ')}.`} If there may be none, name it as optional.`,
    },
  )
}

/** Rows of files of changes, each with its command. */
export async function writeChanges(
  writing: Writing,
  { file, kind, columns, table }: FoundTable,
  changes: readonly PlacedFile[],
): Promise<readonly string[]> {
  const documents = changes.map((one) => documentOf(writing, one))
  if (kind === 'csv') {
    await passOn(writing.context, file, documents, 'parts')
    return []
  }
  if (kind === 'ldif') return []
  const writer = await writing.context.table(file, ['command', ...columns])
  const cells = new Cells(columns, { separator: writing.separator, links: table.links })
  const changed = (document: string, record: SourceRecord) => {
    const command = commandOf(document, record)
    if (command.toLowerCase() !== 'delete') refuseParts(document, record, columns, table.optional)
    return cells.rowsOf(record).map((row) => [command, ...row])
  }
  for (const document of documents)
    for await (const records of readRecords(document, kind, table))
      await writeRows(
        writer,
        records.flatMap((record) => changed(document.name, record)),
      )
  return cells.notes
}

function commandOf(document: string, record: SourceRecord): string {
  const name = Object.keys(record).find((one) => one.toLowerCase() === 'command')
  const command = name === undefined ? undefined : textOf(record[name])
  if (command !== undefined && command !== '') return command
  throw documentTrouble(document, `has a change without a command: ${JSON.stringify(record).slice(0, 100)}`, {
    remedy: 'Each has command: insert, update, delete or merge.',
  })
}

/** What a row does not say would be emptied. */
function refuseParts(
  document: string,
  record: SourceRecord,
  columns: readonly string[],
  optional: readonly string[] = [],
): void {
  const missing = columns.filter((name) => valueAt(record, name) === undefined && !optional.includes(name))
  if (missing.length === 0) return
  throw documentTrouble(
    document,
    `has a change without ${missing.join(', ')}: ${JSON.stringify(record).slice(0, 100)}`,
    {
      remedy:
        'A row of changes is whole; what has no value is null. What may be missing is named as optional.',
    },
  )
}
