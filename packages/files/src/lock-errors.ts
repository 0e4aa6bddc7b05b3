/**
 * What can go wrong with a lock, besides that somebody else has it.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-LOCK-01: a lock cannot be taken, because its file cannot be read or written.
 *
 * The message names the file or folder and the operating system's reason: its rights, a file system that is read-only, a
 * network that is away. Sluice keeps its locks in `.sluice/state/locks` of the work folder, and beside an embedded repository.
 */
export class LockFileError extends SluiceError {
  readonly code = 'SLUICE-LOCK-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string, cause: unknown) {
    super(`The lock ${path} cannot be taken: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
      remedy: 'Give this user the right to read and write there, or name another folder.',
      details: { file: path },
    })
  }
}

/**
 * SLUICE-LOCK-02: this process was paused for so long that another one has taken over its lock.
 *
 * It was paused, or its disk did not answer, and for that time it gave no sign of life. It writes nothing more; the other process continues
 * the work. Nothing has to be done.
 */
export class LockLostError extends SluiceError {
  readonly code = 'SLUICE-LOCK-02'
  readonly blame = 'usage'
  readonly retry = true

  constructor(path: string, cause?: unknown) {
    super(`The lock ${path} was taken over while this process was paused, so it stops.`, {
      cause,
      remedy: 'Start it again if it has anything left to do.',
      details: { file: path },
    })
  }
}
