/**
 * Creates a file that its owner alone may read, in the place of whatever has its name: nothing is written through a link that somebody has put
 * there.
 *
 * @module
 */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { privateFileMode } from './private-folder.ts'

export async function createPrivate(path: string): Promise<FileHandle> {
  await rm(path, { force: true })
  return await open(path, 'wx', privateFileMode)
}
