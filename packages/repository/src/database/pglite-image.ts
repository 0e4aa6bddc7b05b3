/**
 * The image of a new PGlite folder: what `initdb` and the migrations make, packed once for everybody.
 *
 * Making a folder takes some seconds and 700 MB, unpacking one a fraction of a second. The image stands beside the code
 * of a published package and, after `npm ci`, of a clone; `tools/pack-image.ts` makes it. Where there is none, the folder is
 * made. PGlite runs the same on every machine, so one image does for all of them.
 *
 * @module
 */
import { closeSync, createWriteStream, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { access, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGzip, gunzip } from 'node:zlib'
import { orDiskFull, syncNames } from '@sluice/files'
import { type ParsedTarEntryWithData, unpackTar } from 'modern-tar'
import { packTar } from 'modern-tar/fs'

export const imagePath = fileURLToPath(new URL('./pglite-image.tar.gz', import.meta.url))

/** Unpacks the image into a folder that is made, and all of it onto the disk; `false`: there is none, and nothing was done. */
export async function unpackImage(folder: string, image = imagePath): Promise<boolean> {
  const isThere = await access(image).then(
    () => true,
    () => false,
  )
  if (!isThere) return false
  const entries = await unpackTar(await promisify(gunzip)(await readFile(image)))
  await orDiskFull(dirname(folder), writeEntries(folder, entries))
  return true
}

/** Blocking, because 670 small files are on the disk in a quarter of the time that they take one promise after the other. */
async function writeEntries(folder: string, entries: readonly ParsedTarEntryWithData[]): Promise<void> {
  const folders = new Set([folder])
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { header, data } of entries) {
    const path = join(folder, header.name)
    if (header.type === 'directory') {
      mkdirSync(path, { recursive: true, mode: header.mode ?? 0o700 })
      folders.add(path)
    } else writeSynced(path, data ?? new Uint8Array(), header.mode ?? 0o600)
  }
  for (const one of folders) await syncNames(one)
}

function writeSynced(path: string, data: Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    writeFileSync(file, data)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Packs a folder that nobody has opened. An image that is there already is replaced when the new one is whole. */
export async function packImage(folder: string, image = imagePath): Promise<void> {
  const unfinished = `${image}.new`
  await pipeline(packTar(folder), createGzip({ level: 9 }), createWriteStream(unfinished))
  await rename(unfinished, image)
}
