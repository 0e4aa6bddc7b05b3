/**
 * Folders that nobody else may look into: what Sluice keeps is of people, and sometimes as good as a password.
 *
 * Who may not enter the folder can neither read its files nor plant a link in it, whatever the modes of these are, and whatever the umask of
 * the process. A folder that is there already and more open is made private where it is the user's own; nothing else is changed of it.
 *
 * @module
 */
import { chmod, lstat, mkdir } from 'node:fs/promises'
import { orDiskFull } from './disk-full.ts'
import { LinkedFolderError } from './not-a-file-errors.ts'

/** Of a folder that its owner alone may enter, and of a file that he alone may read. */
export const privateFolderMode = 0o700
export const privateFileMode = 0o600
const others = 0o077

/**
 * Makes a folder and those above it, each private; or makes the one that is there private. Says which was the first that it made. Throws
 * `LinkedFolderError` for a link: somebody may have put it there to have something written elsewhere.
 */
export async function makePrivateFolder(path: string): Promise<string | undefined> {
  const made = await orDiskFull(path, mkdir(path, { recursive: true, mode: privateFolderMode }))
  if (made !== path && (await makePrivate(path)) === 'link') throw new LinkedFolderError(path)
  return made
}

/** Takes from others what they may do with a folder of one's own; what is there in its place. */
export async function makePrivate(path: string): Promise<'folder' | 'link' | 'other' | 'nothing'> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return 'nothing'
  if (found.isSymbolicLink()) return 'link'
  if (!found.isDirectory()) return 'other'
  if ((found.mode & others) !== 0 && found.uid === process.getuid?.())
    await chmod(path, found.mode & ~others & 0o7777)
  return 'folder'
}
