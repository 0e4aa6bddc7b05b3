/**
 * Writes what must survive: whole or not at all, whatever happens to the process or the machine.
 *
 * A draft beside the file is synced before it takes the file's place, and the folder after that: a renaming that has not
 * reached the disk is undone by a power cut. What is found again by other means need not go this way: a lock is void
 * without its process, and a prepared file that lost bytes does not have the sum that is noted of it.
 *
 * @module
 */
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createPrivate } from './create-private.ts'
import { orDiskFull } from './disk-full.ts'
import { checkLocks } from './held-lock.ts'
import { syncNames } from './sync-folder.ts'

/**
 * Replaces the file at `path`, in a folder that is there. One process at a time writes it; of one that died, the draft
 * `<path>.new` may be left. Throws `LockLostError` in a process whose locks were taken over while it was paused.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  await orDiskFull(dirname(path), writeSynced(draft, text))
  await renameDurably(draft, path)
}

/** Renames a file or a folder; when this returns, a power cut does not undo it. */
export async function renameDurably(from: string, to: string): Promise<void> {
  checkLocks()
  await rename(from, to)
  await syncNames(dirname(to))
  if (dirname(from) !== dirname(to)) await syncNames(dirname(from))
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using file = await createPrivate(path)
  await file.writeFile(text)
  await file.sync()
}
