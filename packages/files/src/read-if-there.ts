import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { SluiceError } from '@sluice/model'
import { NotAFileError } from './not-a-file-errors.ts'

/** Notes, markers and statements have some kilobytes; who reads one has to hold it. */
const largest = 32 << 20

/**
 * SLUICE-PREPARE-19: a small file that Sluice or an export program writes is far too large.
 *
 * It was replaced or damaged, or an export program writes something else under the name of its statement. Move the file
 * away.
 */
export class NoteTooLargeError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-19'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string, size: number) {
    super(`${path} has ${size} bytes; what belongs there has at most ${largest}.`, {
      remedy: 'Move the file away, or correct the program that writes it.',
      place: { file: path },
      details: { file: path, size },
    })
  }
}

/** The text of a small file. Throws `NoteTooLargeError` for what nobody should hold, and `NotAFileError` for a pipe. */
export async function readText(path: string): Promise<string> {
  // Not waited for, as a pipe would be.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants
  await using file = await open(path, O_RDONLY | O_NONBLOCK)
  const found = await file.stat()
  if (!found.isFile() && !found.isDirectory()) throw new NotAFileError(path)
  const { size } = found
  if (size > largest) throw new NoteTooLargeError(path, size)
  return await file.readFile('utf8')
}

/** The text of a file; `undefined` where there is none, nor a folder it could lie in. Every other error is thrown. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readText(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}
