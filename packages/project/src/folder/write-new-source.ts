/**
 * Writes a source that a project does not have yet as a file of its own, and makes that a part of the project.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { writeDurably } from '@sluice/files'
import { readIncludes } from '@sluice/model'
import { glob } from 'tinyglobby'
import { findMainFile } from './load-configuration.ts'
import { SourceFileExistsError } from './new-source-errors.ts'

export interface WrittenSource {
  /** Relative to the project's folder. */
  readonly file: string
  /** `sluice.yaml` includes it. Where that has an `include` that does not fit, it stays as people wrote it. */
  readonly included: boolean
}

/**
 * The file lies beside `sluice.yaml`, because paths are relative to the file in which they stand, and people give them from there. Throws
 * where it is there already.
 *
 * @param of The project's folder, or its configuration file.
 */
export async function writeNewSource(of: string, name: string, yaml: string): Promise<WrittenSource> {
  const main = await findMainFile(resolve(of))
  const path = join(dirname(main), `${name}.yaml`)
  await writeFile(path, yaml, { flag: 'wx' }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw isThere ? new SourceFileExistsError(path) : error
  })
  return { file: basename(path), included: await include(main, path) }
}

async function include(main: string, path: string): Promise<boolean> {
  const text = await readFile(main, 'utf8')
  const patterns = readIncludes({ path: main, text }).map(({ pattern }) => pattern)
  const read = await glob(patterns, { cwd: dirname(main), absolute: true, expandDirectories: false })
  if (read.some((one) => resolve(one) === path)) return true
  const isOpen = /^[A-Za-z]+:/m.test(text) && !/^(include\s*:|\.\.\.|\{)/m.test(text)
  if (patterns.length > 0 || !isOpen) return false
  await writeDurably(main, `${text.trimEnd()}\n\ninclude: [${JSON.stringify(basename(path))}]\n`)
  return true
}
