/**
 * Which files of a folder are those of a mapping whose file is a pattern, such as `people-*.csv`.
 *
 * @module
 */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fitsPattern, naturalOrder, type Several, splitPath } from '@sluice/model'
import type { LocatedFile } from '../contract/exported.ts'
import { AmbiguousFilesError, NoFileFitsError, UnreadableSourceFileError } from './source-file-errors.ts'

export interface ChosenFiles {
  /** At least one. */
  readonly files: readonly LocatedFile[]
  /** Which, in a sentence. */
  readonly note: string
}

/** Throws `NoFileFitsError` where there is none, and `AmbiguousFilesError` where there are several and nothing says which. */
export async function chooseFiles(
  folder: string,
  pattern: string,
  of: {
    readonly several: Several | undefined
    readonly except: string | undefined
    /** Of the file with this name, relative to `folder`; `undefined`: it has just gone. */
    readonly locate: (name: string) => Promise<LocatedFile | undefined>
  },
): Promise<ChosenFiles> {
  const { folders, name: ofName } = splitPath(pattern)
  const within = join(folder, folders)
  const names = await namesIn(within)
  const fitting = names
    .filter((name) => fitsPattern(ofName, name) && `${folders}${name}` !== of.except)
    .sort(naturalOrder(ofName))
  const found = await Promise.all(fitting.map((name) => of.locate(`${folders}${name}`)))
  const files = found.filter((file) => file !== undefined)
  const [first] = files
  if (first === undefined) throw new NoFileFitsError(pattern, within, names)
  const chosen = choose(files, of.several)
  if (chosen === undefined)
    throw new AmbiguousFilesError(
      pattern,
      folder,
      files.map(({ name }) => name),
    )
  return { files: chosen, note: noteOf(pattern, { files: chosen, of: files.length, several: of.several }) }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown): Dirent[] => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw new UnreadableSourceFileError(folder, cause)
  })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

function choose(
  files: readonly LocatedFile[],
  several: Several | undefined,
): readonly LocatedFile[] | undefined {
  if (files.length === 1 || several === 'all') return files
  if (several === 'last') return files.slice(-1)
  if (several !== 'newest') return undefined
  const newest = files.reduce((a, b) => (b.modified >= a.modified ? b : a))
  return [newest]
}

function noteOf(
  pattern: string,
  {
    files,
    of,
    several,
  }: { readonly files: readonly LocatedFile[]; readonly of: number } & {
    readonly several: Several | undefined
  },
): string {
  const [first, last] = [files[0]?.name, files.at(-1)?.name]
  if (files.length > 1) return `Of ${pattern} ${files.length} files were taken, ${first} to ${last}.`
  const why = of === 1 ? '' : several === 'newest' ? `, the newest of ${of}` : `, the last of ${of} by name`
  return `Of ${pattern} the file ${first} was taken${why}.`
}
