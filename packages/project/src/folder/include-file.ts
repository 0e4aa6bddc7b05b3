/**
 * Makes a file of its own a part of a project.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { writeDurably } from '@sluice/files'
import { readIncludes } from '@sluice/model'
import { glob } from 'tinyglobby'

/**
 * Lets `sluice.yaml` include a file that is there; says whether it does now. Where it has an `include` that does not fit, it stays as people wrote it.
 *
 * @param main Path of `sluice.yaml`.
 */
export async function includeFile(main: string, file: string): Promise<boolean> {
  const text = await readFile(main, 'utf8')
  const patterns = readIncludes({ path: main, text }).map(({ pattern }) => pattern)
  const read = await glob(patterns, { cwd: dirname(main), absolute: true, expandDirectories: false })
  if (read.some((path) => resolve(path) === resolve(file))) return true
  const isOpen = /^[A-Za-z]+:/m.test(text) && !/^(include\s*:|\.\.\.|\{)/m.test(text)
  if (patterns.length > 0 || !isOpen) return false
  const name = JSON.stringify(relative(dirname(main), resolve(file)))
  await writeDurably(main, `${text.trimEnd()}\n\ninclude: [${name}]\n`)
  return true
}
