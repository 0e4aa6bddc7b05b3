/**
 * Why a file that holds changes, or should hold some, is not taken for what it seems to be.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PREPARE-31: a row of a complete says that it is a change.
 *
 * What a complete does not name is deleted, so a file of changes must not be taken for one. Rows may say `insert` or `add`, as
 * dumps of directories do, or nothing. Let the managed system export everything, and deliver that; or deliver the changes as
 * an incremental.
 */
export class ChangesInCompleteError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-31'
  readonly blame = 'source'
  readonly retry = false

  constructor({ file, line, word }: { readonly file: string; readonly line: number; readonly word: string }) {
    super(
      `${file}, line ${line}: the row has the command "${word}", but the file of a complete has to hold all rows.`,
      {
        remedy:
          'Let the managed system export everything, without commands, and run again with --mode complete. Changes alone are an incremental.',
        details: { file, line, command: word },
      },
    )
  }
}

/**
 * SLUICE-PREPARE-32: the files hold only changes, but all rows are needed.
 *
 * The source delivers changes, in files with a column `command`, and an incremental is not possible now; the message says why. What
 * a complete does not name is deleted, so these files are not taken for one. Let the managed system export everything, without
 * the column or into another folder (`--folder`), and run with `--mode complete`; or let an export program state `"mode": "complete"`.
 */
export class ChangesInPlaceOfAllError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-32'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, file: string, why: string) {
    super(`${file} of ${source} holds only changes, but all rows are needed: ${why}`, {
      remedy: `Let the managed system export everything, then: sluice sync ${source} --mode complete`,
      details: { source, file },
    })
  }
}

/**
 * SLUICE-PREPARE-33: a file of changes has no column of commands, though its mapping says that there is one.
 *
 * With `commands: true`, or a column that is named there, an incremental brings changes only, and what a file without that column does not
 * name would be deleted.
 * Correct the export. If the file holds all rows, run with `--mode complete`.
 */
export class NoCommandsError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-33'
  readonly blame = 'source'
  readonly retry = false

  constructor(
    file: string,
    mapping: string,
    { column, header }: { readonly column: string; readonly header: readonly string[] },
  ) {
    const names = header.map((name) => `"${name}"`).join(', ')
    super(
      `${file} has no column "${column}" that nothing maps, and the mapping "${mapping}" says that it holds commands; it has ${names}.`,
      {
        remedy:
          'Correct the export. If the file holds all rows, run with --mode complete, or leave out `commands`.',
        place: { file },
        details: { file, mapping, found: header },
      },
    )
  }
}

/**
 * SLUICE-PREPARE-43: a file among files of changes has no column of commands.
 *
 * The source has a folder for files of changes (`folder: {complete: …, incremental: …}`). What lies there is never everything there
 * is, and only a column of commands tells what happened to each row. Correct the export, or name the column: `commands: {column: Action}`.
 */
export class NothingOfCommandsError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-43'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, column: string, header: readonly string[]) {
    const names = header.map((name) => `"${name}"`).join(', ')
    super(
      `${file} lies among files of changes, and has no column "${column}" that says what happened to each row; it has ${names}.`,
      {
        remedy:
          'Let the export write that column, or name the one that holds commands: `commands: {column: Action}`. Files that hold everything belong into the other folder.',
        place: { file },
        details: { file, column, found: header },
      },
    )
  }
}

/**
 * SLUICE-PREPARE-34: a file of changes feeds several mappings, and it is not clear on which of them its commands act.
 *
 * `delete` in a row of people that also names their departments must not delete a department. Say `commands: true` in the mapping
 * whose key is in each row. For the other mappings a row only means that the named resources exist.
 */
export class UnclearCommandsError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-34'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(file: string, candidates: readonly string[]) {
    super(`${file} holds commands, and they could act on ${candidates.join(' or on ')}.`, {
      remedy: 'Say `commands: true` in the mapping whose key a row of the file has.',
      place: { file },
      details: { file, candidates },
    })
  }
}
