/**
 * Files that a system drops into a folder: taken only when they are all there, and of today.
 *
 * Yesterday's file is not today's system, and half of a delivery is none. A file that is written while it is read is found by whoever
 * reads it, which looks at size and time once more; so the marker is not looked at again behind that.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { mappedTables, type Source } from '@sluice/model'
import type { LocatedFile, LocatedTable } from '../contract/exported.ts'
import { locateTables } from './locate-source-files.ts'
import { DeliveryNotReadyError, OutdatedFileError } from './source-file-errors.ts'

/** The files as they lie in `folder`; throws where there is no marker, and where one is too old. */
export async function takeDroppedFiles(source: Source, folder: string): Promise<readonly LocatedTable[]> {
  await markedAt(source, folder)
  const tables = await locateTables(source, folder)
  const marked = await markedAt(source, folder)
  refuseUnmarked(source, tables, { folder, marked })
  refuseOutdated(source, tables, { now: Date.now(), folder })
  return tables
}

/** When the marker was written; `undefined`: the source has none. */
async function markedAt({ name, marker }: Source, folder: string): Promise<number | undefined> {
  if (marker === undefined) return undefined
  const found = await stat(resolve(folder, marker)).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined
    throw cause
  })
  if (found === undefined) throw new DeliveryNotReadyError(name, `its marker ${marker} is not in ${folder}`)
  return found.mtimeMs
}

function refuseUnmarked(
  { name, marker }: Source,
  tables: readonly LocatedTable[],
  { folder, marked }: { readonly folder: string; readonly marked: number | undefined },
): void {
  if (marked === undefined) return
  const newer = filesOf(tables).find(({ modified }) => modified > marked)
  if (newer === undefined) return
  const times = `${at(newer.modified)}, and ${marker} at ${at(marked)}`
  throw new DeliveryNotReadyError(
    name,
    `${newer.name} was written after its marker in ${folder}: at ${times}`,
  )
}

function refuseOutdated(
  source: Source,
  tables: readonly LocatedTable[],
  { now, folder }: { readonly now: number; readonly folder: string },
): void {
  const limits = new Map(mappedTables(source).map(({ file, maxAge }) => [file, maxAge]))
  for (const { file, parts } of tables) {
    const maxAge = limits.get(file)
    const old = maxAge === undefined ? undefined : parts.find(({ modified }) => now - modified > maxAge)
    if (old !== undefined && maxAge !== undefined)
      throw new OutdatedFileError(source.name, old, { now, maxAge, folder })
  }
}

function filesOf(tables: readonly LocatedTable[]): readonly LocatedFile[] {
  return tables.flatMap(({ parts }) => parts)
}

function at(time: number): string {
  return new Date(time).toISOString()
}
