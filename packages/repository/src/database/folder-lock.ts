/**
 * Keeps a second process out of a repository folder.
 *
 * @module
 */
import { hostname } from 'node:os'
import { takeLock } from '@sluice/files'
import { FolderInUseError } from './errors.ts'

export interface FolderLock extends AsyncDisposable {
  readonly path: string
}

/** Takes the lock of `folder`, or throws `FolderInUseError` at once when a live process holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const lock = await takeLock(folder, 'lock')
  if (lock.kind === 'busy') throw new FolderInUseError(folder, lock.holder, hostname())
  return lock
}
