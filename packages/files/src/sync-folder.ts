/**
 * Lets a file, the names in a folder, or everything in it reach the disk.
 *
 * @module
 */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orDiskFull } from './disk-full.ts'

/** Everything in the folder, its subfolders included, is on the disk when this returns. */
export async function syncFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncFolder(path)
    else if (entry.isFile()) await orDiskFull(folder, syncFile(path))
  }
  await syncNames(folder)
}

/** What was written to the file is on the disk when this returns. */
export async function syncFile(path: string): Promise<void> {
  // Windows syncs only what is open for writing.
  await sync(path, 'r+')
}

/** The names that the folder holds are on the disk when this returns, and what was renamed in it stays renamed. */
export async function syncNames(folder: string): Promise<void> {
  // Windows has no sync of a folder.
  if (process.platform !== 'win32') await sync(folder, 'r')
}

async function sync(path: string, flags: string): Promise<void> {
  await using file = await open(path, flags)
  await file.sync()
}
