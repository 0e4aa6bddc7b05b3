/**
 * What can go wrong with a program that writes source files. Whatever it is, its files are not used: half an
 * export looks like a system in which much has disappeared.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

const kept = 'The files of the export before are left where they are, but are not prepared again.'

/** The last thing a program wrote, as further lines of a message. */
function saying(output: readonly string[]): string {
  return output.length === 0 ? '' : `\n${output.slice(-5).join('\n')}`
}

/**
 * SLUICE-EXPORT-04: the export program could not be started.
 *
 * The operating system's reason is in the message. `export.command` names the program and its arguments, without a
 * shell: a script needs its interpreter (`[sh, export.sh]`) or the right to be executed.
 */
export class ProgramNotStartedError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-04'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, program: string, folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The export program of "${source}", ${program}, could not be started in ${folder}: ${reason}.`, {
      cause,
      remedy: 'Look at export.command of the source; no shell stands in between.',
      details: { source, program, folder },
    })
  }
}

/**
 * SLUICE-EXPORT-05: the export program failed.
 *
 * It ended with a status other than 0, or was ended by a signal. The last lines it wrote to standard error are in the
 * message. Its files are not used.
 */
export class ProgramFailedError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-05'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, end: string, output: readonly string[], note: string | undefined) {
    const because = note === undefined ? '' : ` It notes: ${note}`
    super(`The export program of "${source}" ${end}.${because}${saying(output)}`, {
      remedy: `Correct the problem that its output names and export again. ${kept}`,
      details: { source, end, output, ...(note === undefined ? {} : { note }) },
    })
  }
}

/**
 * SLUICE-EXPORT-06: the export program took too long and was stopped.
 *
 * Every process it had started was stopped with it. Give it more time with `export.timeout`, or find out what it waits
 * for.
 */
export class ProgramTimeoutError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-06'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, milliseconds: number, output: readonly string[]) {
    super(
      `The export program of "${source}" was stopped because it did not end within ${milliseconds / 1000} s.${saying(output)}`,
      {
        remedy: `Find out what it waits for, or give it more time with export.timeout. ${kept}`,
        details: { source, milliseconds, output },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-07: the export program ended while processes it had started were still running.
 *
 * They may not have written all of their files; a shell script that starts commands with `&` has to `wait` for them.
 * They were stopped.
 */
export class ProgramLeftBehindError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-07'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, output: readonly string[]) {
    super(
      `The export program of "${source}" ended while processes it had started were still running; they were stopped.${saying(output)}`,
      {
        remedy:
          'Let it wait for them (in a shell: wait). One that shall go on has to leave the process group (setsid).',
        details: { source, output },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-08: the export program does not say that its export is complete.
 *
 * Its statement says `"complete": false`, or there is none although the source asks for one
 * (`export.requireStatement`). A partial export is never applied.
 */
export class IncompleteExportError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-08'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, what: string, output: readonly string[]) {
    super(`The export of "${source}" is not complete: ${what}${saying(output)}`, {
      remedy: `Export again. Changes alone are "mode": "incremental", not "complete": false. ${kept}`,
      details: { source, output },
    })
  }
}

/**
 * SLUICE-EXPORT-09: the statement of an export program cannot be read.
 *
 * It is a JSON document like `{"complete": true, "rows": {"people.csv": 1234}}`; docs/export-programs.md lists
 * everything it may say.
 */
export class UnreadableStatementError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-09'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`The statement of the export program of "${source}" cannot be read: ${reason}`, {
      remedy: 'Write a document like {"complete": true, "rows": {"people.csv": 1234}} to $SLUICE_STATEMENT.',
      details: { source },
    })
  }
}

/**
 * SLUICE-EXPORT-10: the export delivered changes, but all rows were needed, or the other way round.
 *
 * A complete was asked for and only changes are there, or the program speaks of changes and no file has a column
 * `command`. What such files do not name would be deleted, so they are not used.
 */
export class WrongExportModeError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-10'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, reason: string, remedy: string) {
    super(`The export of "${source}" cannot be used: ${reason}.`, { remedy, details: { source } })
  }
}

/**
 * SLUICE-EXPORT-11: the export program ended well, but did not write a mapped file.
 *
 * A missing file is not an empty table: a table without rows, or without changes, is a file with only its
 * header.
 */
export class FileNotWrittenError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-11'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, file: string, written: readonly string[], near: string | undefined) {
    const found = written.length === 0 ? 'it wrote no file' : `it wrote ${written.slice(0, 20).join(', ')}`
    super(`The export program of "${source}" did not write "${file}"; ${found}.`, {
      remedy:
        near === undefined
          ? 'It has to write every mapped file into $SLUICE_FOLDER; a table without rows is a header.'
          : `Did you mean "${near}"? Correct \`file\` in the mapping, or the program.`,
      place: { file },
      details: { source, file, written, near },
    })
  }
}

/**
 * SLUICE-EXPORT-13: there are no files of a successful export to prepare.
 *
 * The last export of the source failed, was killed, is still going on, or never ran. The files in the folder, if any,
 * are those of an earlier one and are not taken for what the managed system holds now. Export again.
 */
export class NoUsableExportError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-13'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, folder: string, why: string) {
    super(`There are no files of "${source}" to prepare in ${folder}: ${why}`, {
      remedy: `Export again: sluice export ${source}`,
      place: { file: folder },
      details: { source, folder },
    })
  }
}

/**
 * SLUICE-EXPORT-14: the folder that an export would replace holds other files.
 *
 * An export program gets a new folder each time, which then replaces the `folder` of the source with all its content. A folder that no
 * export of this source has written is never replaced. Give the source a `folder` of its own.
 */
export class ForeignFolderError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-14'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, folder: string, what: string) {
    super(`The export of "${source}" would replace the folder ${folder}, which ${what}.`, {
      remedy: 'Give the source a `folder` of its own that does not exist yet, or empty this one.',
      place: { file: folder },
      details: { source, folder },
    })
  }
}

/**
 * SLUICE-EXPORT-15: another process is exporting this source right now.
 *
 * Two exports of one source would write over each other. Wait for the other one; when none runs, remove `export.json`
 * from the folder named.
 */
export class ExportBusyError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-15'
  readonly blame = 'usage'
  readonly retry = true

  constructor(source: string, folder: string, since: string, pid: number) {
    super(`Process ${pid} has been exporting "${source}" since ${since}.`, {
      remedy: `Wait for it. When it does not run any more, remove ${folder}/export.json.`,
      place: { file: folder },
      details: { source, folder, since, pid },
    })
  }
}
