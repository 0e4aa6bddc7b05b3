/**
 * What is visible of a place: where it is, and how many records each file would have.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import { isLoopback } from '@sluice/model'
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { SourceDocument } from '../formats/document.ts'
import { readRecords } from '../formats/formats.ts'
import type { SourceRecord } from '../formats/record.ts'
import { chooseFiles } from '../places/choose-files.ts'
import { openPlace } from '../places/open-place.ts'
import type { Place, PlacedFile } from '../places/place.ts'
import { kindOf } from './found-table.ts'
import { entriesOf } from './ldif-records.ts'
import { requireMarker } from './marker.ts'
import type { FilesOptions, FilesTable } from './options.ts'

/** Records that are counted, no more. */
const most = 100_000

export async function check(options: FilesOptions, context: ConnectorContext): Promise<Checked> {
  await using place = await openPlace(options, context)
  await using folder = new TemporaryFolder('sluice-documents-')
  await requireMarker(place, options.marker)
  const facts: Record<string, string> = { ...place.facts }
  const warnings: string[] = [...warningsOf(options)]
  for (const [name, table] of Object.entries(options.tables)) {
    const files = await chooseFiles(place, table.path, table.several)
    const of = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`
    const count = await countOf(table, { place, files, folder, context })
    facts[`${name}.csv`] =
      `${of}${count === undefined ? '' : `, ${count > most ? `more than ${most}` : count} records`}`
    if (count === 0) warnings.push(`${name}.csv would be empty: look at the file, and at records or sheet.`)
  }
  return { facts, warnings }
}

function warningsOf({ from, user, password, http }: FilesOptions): readonly string[] {
  const isTold = user !== undefined || password !== undefined || http?.token !== undefined
  if (!isTold || !/^http:/i.test(from) || isLoopback(new URL(from).hostname)) return []
  return ['The password goes to the server as it is, for everybody in between to read: use https://.']
}

interface Counting {
  readonly place: Place
  readonly files: readonly PlacedFile[]
  readonly folder: TemporaryFolder
  readonly context: ConnectorContext
}

/** `undefined`: rows are counted when they are read, in the format of the mapping. */
async function countOf(
  table: FilesTable,
  { place, files, folder, context }: Counting,
): Promise<number | undefined> {
  const kind = kindOf(table)
  if (kind === 'csv') return undefined
  const documents = files.map((file) => {
    const bytes = { name: file.name, path: place.pathOf(file.name), bytes: () => place.read(file) }
    return new SourceDocument(bytes, folder, context.signal)
  })
  if (kind === 'ldif') return counted(entriesOf({ documents, changes: [], objectClass: table.objectClass }))
  let count = 0
  for (const document of documents) {
    count += await counted(readRecords(document, kind, table))
    if (count > most) break
  }
  return count
}

async function counted(records: AsyncIterable<readonly SourceRecord[]>): Promise<number> {
  let count = 0
  for await (const some of records) {
    count += some.length
    if (count > most) break
  }
  return count
}
