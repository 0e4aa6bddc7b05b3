/**
 * What a full disk means: an error that names the folder, whoever was writing there.
 *
 * @module
 */
import { statfs } from 'node:fs/promises'
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PREPARE-08: a folder Sluice writes to is full.
 *
 * Nothing was delivered. Free space there, or name another folder: `workFolder`, or `prepare.tempFolder` for what is sorted.
 */
export class DiskFullError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-08'
  readonly blame = 'usage'
  readonly retry = true

  constructor(folder: string, cause: unknown) {
    super(`The disk that holds ${folder} is full (ENOSPC).`, {
      cause,
      remedy:
        'Free space there, or name another folder: workFolder, or prepare.tempFolder for what is sorted.',
      details: { folder },
    })
  }
}

/** The result of `work`, which writes into `folder`; "no space left" becomes a `DiskFullError`. */
export async function orDiskFull<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw isDiskFull(cause) ? new DiskFullError(folder, cause) : cause
  }
}

export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const full = 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return full || /no space left on device/i.test(cause.message)
}

/** Bytes that have to be free where something is to be written: less is as good as nothing. */
const leastFree = 16 * 1024 * 1024

/** Whether the disk of a folder is full, or as good as; `false` where nobody can tell. */
export async function isAlmostFull(folder: string): Promise<boolean> {
  const found = await statfs(folder).catch(() => undefined)
  return found !== undefined && found.bavail * found.bsize < leastFree
}
