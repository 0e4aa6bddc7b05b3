/**
 * The image of a new PGlite folder: what `initdb` and the migrations make, packed once for everybody.
 *
 * Making a folder takes some seconds and 700 MB, unpacking one a fraction of a second. The image stands beside the code
 * of a published package and, after `npm ci`, of a clone; `tools/pack-image.ts` makes it. Where there is none, the folder is
 * made. PGlite runs the same on every machine, so one image does for all of them.
 *
 * @module
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { access, rename } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip, createGzip } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar/fs'

export const imagePath = fileURLToPath(new URL('./pglite-image.tar.gz', import.meta.url))

/** Unpacks the image into a folder that is made; `false`: there is none, and nothing was done. */
export async function unpackImage(folder: string, image = imagePath): Promise<boolean> {
  const isThere = await access(image).then(
    () => true,
    () => false,
  )
  if (isThere) await pipeline(createReadStream(image), createGunzip(), unpackTar(folder))
  return isThere
}

/** Packs a folder that nobody has opened. An image that is there already is replaced when the new one is whole. */
export async function packImage(folder: string, image = imagePath): Promise<void> {
  const unfinished = `${image}.new`
  await pipeline(packTar(folder), createGzip({ level: 9 }), createWriteStream(unfinished))
  await rename(unfinished, image)
}
