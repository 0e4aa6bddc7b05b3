/**
 * Keeps a second process out of a repository folder.
 *
 * @module
 */
import { hostname } from 'node:os'
import { type HeldLock, type LockTimes, takeLock } from '@sluice/files'
import { FolderInUseError } from './errors.ts'

export interface FolderLock extends AsyncDisposable {
  readonly path: string
  readonly held: HeldLock
}

/** Takes the lock of `folder`, or throws `FolderInUseError` when a live process holds it. */
export async function lockFolder(folder: string, times?: LockTimes): Promise<FolderLock> {
  const lock = await takeLock(folder, 'lock', times)
  if (lock.kind === 'busy')
    throw new FolderInUseError(folder, { ...lock.holder, lock: lock.path }, hostname())
  return lock
}
