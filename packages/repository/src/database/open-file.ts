/**
 * Opens a file to read what is in it, and nothing that it leads to.
 *
 * @module
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** What should be a file is a link, a folder or a device. */
export class NotAFileError extends Error {
  constructor(path: string) {
    super(`${path} is not a file.`)
  }
}

/** Throws `NotAFileError`. Not waited for, as a pipe would be. */
export async function openFile(path: string): Promise<FileHandle> {
  // Windows knows neither flag, and needs no right to make links there that a user has by himself.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    const link =
      error instanceof Error && 'code' in error && (error.code === 'ELOOP' || error.code === 'EMLINK')
    throw link ? new NotAFileError(path) : error
  })
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new NotAFileError(path)
}
