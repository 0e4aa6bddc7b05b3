/**
 * Whether the files in an outbox are still those that were prepared: another process may have prepared them, and in
 * between they may have been edited.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sumOfFile } from '@sluice/files'
import type { DeclaredFile, Manifest } from '@sluice/protocol'
import type { Outgoing } from './outbox.ts'
import { ChangedOutboxError } from './outbox-errors.ts'

/** Every file that a delivery carries. */
export function carriedFiles({ files, rejections, since }: Manifest): readonly DeclaredFile[] {
  return [...files, ...(rejections === undefined ? [] : [rejections]), ...(since?.files ?? [])].map(
    ({ name, size, sha256 }) => ({ name, size, sha256 }),
  )
}

/** Throws `ChangedOutboxError` for the first file that is not what the manifest says. */
export async function verifyOutbox(
  folder: string,
  manifest: Manifest,
  source: string | undefined,
): Promise<void> {
  for (const file of carriedFiles(manifest)) {
    const difference = await differenceOf(folder, file)
    if (difference === undefined) continue
    throw new ChangedOutboxError(join(folder, file.name), difference, source === undefined ? {} : { source })
  }
}

/** The first file that is not what was prepared. */
export async function changedFile(
  folder: string,
  { manifest, source }: Pick<Outgoing, 'manifest' | 'source'>,
): Promise<ChangedOutboxError | undefined> {
  try {
    await verifyOutbox(folder, manifest, source)
    return undefined
  } catch (error) {
    if (error instanceof ChangedOutboxError) return error
    throw error
  }
}

/** In what the file differs from the one that was prepared. Throws `ChangedOutboxError` when it is missing. */
export async function differenceOf(
  folder: string,
  { name, size, sha256 }: DeclaredFile,
): Promise<string | undefined> {
  const path = join(folder, name)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new ChangedOutboxError(path, 'it is missing')
  if (found.size !== size) return `it has ${found.size} bytes instead of ${size}`
  return (await sumOfFile(path)) === sha256 ? undefined : 'its checksum differs'
}
