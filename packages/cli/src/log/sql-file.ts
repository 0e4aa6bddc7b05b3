/**
 * The file of `--sql`: every statement that a command executes in the repository, in the order in which they end.
 *
 * Each is written as soon as it is over, so that the file says how far a process came that was killed.
 *
 * @module
 */
import { openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { privateFileMode } from '@sluice/files'
import { SluiceError } from '@sluice/model'
import { describeStatement, type OnStatement } from '@sluice/project'

/**
 * SLUICE-USAGE-04: the file that `--sql` or `SLUICE_SQL` names cannot be written.
 *
 * Its folder has to exist, and the disk to have room. When the file cannot be created, the command does nothing.
 */
export class SqlFileError extends SluiceError {
  readonly code = 'SLUICE-USAGE-04'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`The statements cannot be written to ${path}: ${why}.`, {
      remedy: 'Name a file in a folder that exists and may be written.',
      cause,
    })
  }
}

/** Begins the file anew; `undefined` when none is named. It is closed with the process. */
export function openSqlFile(name: string | undefined, workingFolder: string): OnStatement | undefined {
  if (name === undefined || name === '') return undefined
  const path = resolve(workingFolder, name)
  const file = opened(path)
  return (statement) => {
    try {
      writeSync(file, describeStatement(statement))
    } catch (cause) {
      throw new SqlFileError(path, cause)
    }
  }
}

function opened(path: string): number {
  try {
    // Statements come with their values.
    return openSync(path, 'w', privateFileMode)
  } catch (cause) {
    throw new SqlFileError(path, cause)
  }
}
