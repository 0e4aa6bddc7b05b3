/**
 * What can be wrong with the files of a managed system before a byte of them is read.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-EXPORT-01: a mapped source file is not there.
 *
 * A missing file is not an empty system, so nothing is delivered. Let the export run, or correct
 * `file` in the mapping; the message names a file that looks alike when there is one.
 */
export class MissingSourceFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-01'
  readonly blame = 'source'
  readonly retry = false

  constructor(name: string, folder: string, near: string | undefined) {
    super(`The source file "${name}" does not exist in ${folder}.`, {
      remedy:
        near === undefined
          ? 'Run the export that writes it, or correct `file` in the mapping.'
          : `Did you mean "${near}"? Else run the export that writes it, or correct \`file\` in the mapping.`,
      place: { file: name },
      details: { file: name, folder, near },
    })
  }
}

/**
 * SLUICE-EXPORT-02: the folder that should hold the part files of a table is empty.
 *
 * An empty folder is not an empty table: an empty table is a part file with only its header. Let
 * the export run again.
 */
export class EmptySourceFolderError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-02'
  readonly blame = 'source'
  readonly retry = false

  constructor(name: string, path: string) {
    super(`The folder "${name}" of part files is empty (${path}).`, {
      remedy: 'Run the export that fills it; an empty table is a file with only its header.',
      place: { file: name },
      details: { folder: name },
    })
  }
}

/**
 * SLUICE-EXPORT-03: a source file is there but cannot be read.
 *
 * The operating system's reason is in the message: usually missing rights of the account Sluice
 * runs under, or a network drive that went away.
 */
export class UnreadableSourceFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-03'
  readonly blame = 'source'
  readonly retry = false

  constructor(path: string, cause: unknown) {
    super(
      `The source file ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        cause,
        remedy: 'Give the account that runs Sluice the right to read it.',
        details: { file: path },
      },
    )
  }
}
