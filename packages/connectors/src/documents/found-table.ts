/**
 * A table that is wanted, with the files of the place that it is read from.
 *
 * @module
 */
import { isPattern } from '@sluice/model'
import type { ExportContext, WantedFile } from '../contract/export-context.ts'
import { type FormatName, formatOf } from '../formats/formats.ts'
import { chooseFiles, fittingFiles } from '../places/choose-files.ts'
import type { Place, PlacedFile } from '../places/place.ts'
import type { FilesOptions, FilesTable } from './options.ts'

export interface FoundTable extends WantedFile {
  readonly name: string
  readonly table: FilesTable
  readonly kind: FormatName
  /** At least one. */
  readonly files: readonly PlacedFile[]
  /** Those of changes, in the order of their names. */
  readonly changes: readonly PlacedFile[]
}

export async function findTables(
  place: Place,
  { tables }: FilesOptions,
  context: ExportContext,
): Promise<readonly FoundTable[]> {
  const found: FoundTable[] = []
  for (const wanted of context.wanted) {
    const name = wanted.file.replace(/\.csv$/, '')
    const table = tables[name]
    if (table === undefined) continue
    found.push({
      ...wanted,
      name,
      table,
      kind: kindOf(table),
      files: await chooseFiles(place, table.path, table.several),
      changes: await changesOf(place, table),
    })
  }
  return found
}

/** The schema has seen to it that there is one. */
export function kindOf({ format, path }: FilesTable): FormatName {
  return format ?? formatOf(path) ?? 'csv'
}

/** There may be none yet. */
async function changesOf(place: Place, { changes }: FilesTable): Promise<readonly PlacedFile[]> {
  if (changes === undefined) return []
  if (isPattern(changes)) return (await fittingFiles(place, changes)).fitting
  const found = await place.find(changes)
  return found === undefined ? [] : [found]
}

/** Those that were written after the files that they are changes of. */
export function newerChanges({ files, changes }: FoundTable): readonly PlacedFile[] {
  const newest = Math.max(...files.map(({ modified }) => modified ?? 0))
  return changes.filter(({ modified }) => modified === undefined || modified > newest)
}
