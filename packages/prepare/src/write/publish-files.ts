/**
 * Puts the files of a preparation that succeeded in the place of the former ones.
 *
 * Until then they lie in a folder of their own, so that a preparation that is refused half way leaves
 * the files of the one before as they were. They are renamed, never written over: a delivery that
 * waits in the inbox may be the same file under another name.
 *
 * @module
 */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Moves every file of `from` into `to`; files of these mappings that were not made again are removed. */
export async function publishFiles(from: string, to: string, mappings: readonly string[]): Promise<void> {
  const made = await readdir(from)
  const former = (await readdir(to)).filter((name) => isPrepared(name, mappings) && !made.includes(name))
  for (const name of former) await rm(join(to, name), { force: true })
  for (const name of made) await rename(join(from, name), join(to, name))
}

function isPrepared(name: string, mappings: readonly string[]): boolean {
  const [mapping = '', kind = ''] = name.split('.')
  return (
    name === 'rejected.jsonl' ||
    (mappings.includes(mapping) && ['sorted', 'duplicates', 'nullpk', 'rejected', 'reference'].includes(kind))
  )
}
