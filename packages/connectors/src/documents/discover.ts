/**
 * Looks at the files of a place, and suggests what could be read of them.
 *
 * @module
 */
import { TemporaryFolder } from '@sluice/files'
import { isPattern } from '@sluice/model'
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredTable } from '../contract/discovered.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { SourceDocument } from '../formats/document.ts'
import { type FormatName, formatOf } from '../formats/formats.ts'
import { openPlace } from '../places/open-place.ts'
import type { Place, PlacedFile } from '../places/place.ts'
import { lookAt } from './look-at.ts'
import type { FilesOptions } from './options.ts'

export async function discover(options: FilesOptions, context: ConnectorContext): Promise<Discovered> {
  await using place = await openPlace(options, context)
  await using folder = new TemporaryFolder('sluice-documents-')
  const { files, notes } = await filesOf(place, options)
  const tables: DiscoveredTable[] = []
  for (const { path, newest, kind } of files) {
    const bytes = { name: newest.name, path: place.pathOf(newest.name), bytes: () => place.read(newest) }
    const document = new SourceDocument(bytes, folder, context.signal)
    try {
      const many = isPattern(path) ? { several: 'last' as const } : {}
      tables.push(...(await lookAt(document, kind, { path, ...many })))
    } catch (error) {
      if (!(error instanceof ManagedSystemError) || error.passing) throw error
      notes.push(error.message)
    }
  }
  return { tables: withOwnNames(tables), notes }
}

interface FoundFile {
  readonly path: string
  readonly newest: PlacedFile
  readonly kind: FormatName
}

async function filesOf(
  place: Place,
  { from }: FilesOptions,
): Promise<{ files: readonly FoundFile[]; notes: string[] }> {
  const listed = (await place.list('')) ?? (await namedBy(place, from))
  const notes = listed
    .filter(({ name }) => formatOf(name) === undefined && !name.startsWith('.'))
    .map(({ name }) => `The end of ${name} does not say its format.`)
    .slice(0, 5)
  const byPath = new Map<string, PlacedFile[]>()
  for (const file of listed) {
    const path = /^https?:/.test(from) ? file.name : patternOf(file.name)
    byPath.set(path, [...(byPath.get(path) ?? []), file])
  }
  const files = [...byPath].flatMap(([pattern, all]): readonly FoundFile[] => {
    const [newest] = all.toSorted((one, other) => (other.modified ?? 0) - (one.modified ?? 0))
    const kind = newest === undefined || newest.name.startsWith('.') ? undefined : formatOf(newest.name)
    if (newest === undefined || kind === undefined) return []
    return [{ path: all.length === 1 ? newest.name : pattern, newest, kind }]
  })
  return { files, notes }
}

/** A web server tells nothing but what its address names. */
async function namedBy(place: Place, from: string): Promise<readonly PlacedFile[]> {
  const name = decodeURIComponent(new URL(from).pathname.split('/').at(-1) ?? '')
  const found = name === '' ? undefined : await place.find(name)
  if (found !== undefined) return [found]
  throw new ManagedSystemError(`${place.name} does not tell which files it has.`, {
    remedy: 'Name a file in from to look at it, such as https://host/people.json; or write tables by hand.',
  })
}

/** Names that differ by numbers and dates are of one table. */
function patternOf(name: string): string {
  return name.replace(/\d[\d._-]*\d|\d/g, '*').replaceAll(/\*+/g, '*')
}

/** Two documents may have lists of the same name. */
function withOwnNames(tables: readonly DiscoveredTable[]): readonly DiscoveredTable[] {
  const taken = new Set<string>()
  return tables.map((table) => {
    let { name } = table
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${table.name}_${number}`
    taken.add(name.toLowerCase())
    return { ...table, name, file: `${name}.csv` }
  })
}
