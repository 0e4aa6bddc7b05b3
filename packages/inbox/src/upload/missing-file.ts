/**
 * Whether the files of a delivery that came whole are still there.
 *
 * @module
 */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@sluice/protocol'

/** The first that is gone. A disk that does not answer is no answer, and throws. */
export async function missingFile(folder: string, manifest: Manifest): Promise<string | undefined> {
  for (const { name } of filesOf(manifest)) {
    try {
      await lstat(join(folder, name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return name
      throw error
    }
  }
  return undefined
}

/** Everything that a delivery carries. */
export function filesOf({ files, rejections, since }: Manifest) {
  return [...files, ...(rejections === undefined ? [] : [rejections]), ...(since?.files ?? [])]
}
