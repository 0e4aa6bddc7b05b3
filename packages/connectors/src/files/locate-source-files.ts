/**
 * Where the files of a mapping lie: one file, or a folder of part files of one table.
 *
 * A file that is not there is an error, never an empty system (principle 6). Part files are taken
 * in the order of their names, so that "the first row wins" means the same on every machine.
 *
 * @module
 */
import type { Dirent, Stats } from 'node:fs'
import { access, constants, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { mappedTables, nearMatch, type Source } from '@sluice/model'
import type { LocatedFile, LocatedTable } from '../contract/exported.ts'
import {
  EmptySourceFolderError,
  MissingSourceFileError,
  UnreadableSourceFileError,
} from './source-file-errors.ts'

/** The files behind everything that the source maps, as they lie in `folder`. */
export async function locateTables(source: Source, folder = source.folder): Promise<readonly LocatedTable[]> {
  const files = mappedTables(source).map(({ file }) => file)
  return Promise.all(files.map(async (file) => ({ file, parts: await locateSourceFiles(folder, file) })))
}

/** The files behind `file`, at least one; throws when there is none. Hidden files are no part files. */
export async function locateSourceFiles(folder: string, file: string): Promise<readonly LocatedFile[]> {
  const path = resolve(folder, file)
  const name = file.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')
  const found = await look(path)
  if (found === undefined) throw new MissingSourceFileError(name, folder, await nearest(path))
  if (!found.isDirectory()) return [located(path, name, found)]

  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new UnreadableSourceFileError(path, cause)
  })
  const parts = entries
    .filter(isPart)
    .map((entry) => entry.name)
    .sort(ordinal)
  if (parts.length === 0) throw new EmptySourceFolderError(name, path)
  return Promise.all(
    parts.map(async (part) => {
      const partPath = join(path, part)
      const partFound = await look(partPath)
      if (partFound === undefined) throw new MissingSourceFileError(`${name}/${part}`, folder, undefined)
      return located(partPath, `${name}/${part}`, partFound)
    }),
  )
}

function isPart(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && !entry.isDirectory()
}

function ordinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function located(path: string, name: string, found: Stats): LocatedFile {
  return { path, name, size: found.size, modified: found.mtimeMs }
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    const found = await stat(path)
    await access(path, constants.R_OK)
    return found
  } catch (cause) {
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
