/**
 * Where the files of a mapping lie: one file, those that fit a pattern, or a folder of part files of one table.
 *
 * A file that is not there is an error, never an empty system (principle 6). Part files are taken
 * in the order of their names, so that "the first row wins" means the same on every machine.
 *
 * @module
 */
import type { Dirent, Stats } from 'node:fs'
import { access, constants, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { isPattern, mappedTables, nearMatch, plainPath, type Several, type Source } from '@sluice/model'
import type { LocatedFile, LocatedTable } from '../contract/exported.ts'
import { chooseFiles } from './choose-files.ts'
import {
  EmptySourceFolderError,
  MissingSourceFileError,
  NotASourceFileError,
  UnreadableSourceFileError,
} from './source-file-errors.ts'

/** A file that is mapped. */
export interface FileToLocate {
  readonly file: string
  /** Where the file is a pattern, what is done if several fit. */
  readonly several?: Several | undefined
}

/** The files behind everything that the source maps, as they lie in `folder`. */
export async function locateTables(source: Source, folder = source.folder): Promise<readonly LocatedTable[]> {
  return Promise.all(
    mappedTables(source).map(({ file, several }) => locateTable(source, { file, several }, folder)),
  )
}

/** One of them. */
export async function locateTable(
  source: Pick<Source, 'folder' | 'changesFolder' | 'marker'>,
  { file, several }: FileToLocate,
  folder = source.folder,
): Promise<LocatedTable> {
  // Two files of one name lie apart; reports tell which it is.
  const under = folder === source.changesFolder ? plainPath(relative(source.folder, folder)) : ''
  const except = source.marker === undefined ? undefined : plainPath(source.marker)
  const { files, note } = await locate(folder, { file, several }, { under, except })
  return { file: plainPath(file), parts: files, note }
}

/** Which files were taken, where that was not plain. */
export function notesOf(tables: readonly LocatedTable[]): readonly string[] {
  return tables.flatMap(({ note }) => note ?? [])
}

/** The files behind `file`, at least one; throws when there is none. Hidden files are no part files. */
export async function locateSourceFiles(folder: string, of: FileToLocate): Promise<readonly LocatedFile[]> {
  return (await locate(folder, of, { under: '', except: undefined })).files
}

interface Reported {
  /** What stands before names in reports. */
  readonly under: string
  /** Name of a file that is none of them. */
  readonly except: string | undefined
}

interface Found {
  readonly files: readonly LocatedFile[]
  readonly note?: string | undefined
}

async function locate(
  folder: string,
  { file, several }: FileToLocate,
  { under, except }: Reported,
): Promise<Found> {
  const name = plainPath(file)
  const named = (path: string, plain: string, found: Stats): LocatedFile => {
    const { size, mtimeMs: modified } = found
    return { path, name: under === '' ? plain : `${under}/${plain}`, size, modified }
  }
  if (isPattern(name)) {
    const one = async (plain: string) => {
      const path = resolve(folder, plain)
      const found = await look(path)
      return found === undefined ? undefined : named(path, plain, found)
    }
    return await chooseFiles(folder, name, { several, except, locate: one })
  }
  const path = resolve(folder, file)
  const found = await look(path)
  if (found === undefined) throw new MissingSourceFileError(name, folder, await nearest(path))
  if (!found.isDirectory()) return { files: [named(path, name, found)] }

  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new UnreadableSourceFileError(path, cause)
  })
  const parts = entries
    .filter(isPart)
    .map((entry) => entry.name)
    .filter((part) => plainPath(`${name}/${part}`) !== except)
    .sort(ordinal)
  if (parts.length === 0) throw new EmptySourceFolderError(name, path)
  const files = await Promise.all(
    parts.map(async (part) => {
      const partPath = join(path, part)
      const partFound = await look(partPath)
      if (partFound === undefined) throw new MissingSourceFileError(`${name}/${part}`, folder, undefined)
      return named(partPath, `${name}/${part}`, partFound)
    }),
  )
  return { files }
}

function isPart(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && !entry.isDirectory()
}

function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    const found = await stat(path)
    if (!found.isFile() && !found.isDirectory()) throw new NotASourceFileError(path)
    await access(path, constants.R_OK)
    return found
  } catch (cause) {
    if (cause instanceof NotASourceFileError) throw cause
    if (isMissing(cause)) return undefined
    throw new UnreadableSourceFileError(path, cause)
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}

/** The name beside the missing one that looks most like it, if any does. */
async function nearest(path: string): Promise<string | undefined> {
  const wanted = basename(path)
  const names = await readdir(dirname(path)).catch((): string[] => [])
  return nearMatch(wanted, names)
}
