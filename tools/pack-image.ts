/**
 * Makes the image from which new repository folders are unpacked. `npm ci` calls it in a clone, `npm run build` for the package.
 *
 * A folder is made as it is made where no image is there, the tables of Sluice are made in it, and it is packed.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { imagePath, packImage } from '../packages/repository/src/database/pglite-image.ts'
import { openRepository } from '../packages/repository/src/repository.ts'

const folder = await mkdtemp(join(tmpdir(), 'sluice-image-'))
try {
  await rm(imagePath, { force: true })
  const repository = await openRepository({ kind: 'folder', path: folder })
  await repository.database.checkpoint()
  await repository[Symbol.asyncDispose]()
  await packImage(join(folder, 'data'))
} finally {
  await rm(folder, { recursive: true, force: true })
}
