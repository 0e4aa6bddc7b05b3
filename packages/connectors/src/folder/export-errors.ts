/**
 * What can be wrong with an export, whoever writes it. Whatever it is, its files are not used: half an export looks like a system in
 * which much has disappeared.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

export const kept = 'The files of the export before are left where they are, but are not prepared again.'

/** What writes the files of an export. */
export type Writer = 'program' | 'connector'

const missing: Readonly<Record<Writer, string>> = {
  program: 'It has to write every mapped file into $SLUICE_FOLDER; a table without rows is a header.',
  connector:
    'Name one of its files as `file` of the mapping, or add the table to the options of the connector.',
}

/** The last thing that was written on the way, as further lines of a message. */
export function saying(output: readonly string[]): string {
  return output.length === 0 ? '' : `\n${output.slice(-5).join('\n')}`
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
 * SLUICE-EXPORT-11: the export ended well, but did not write a mapped file.
 *
 * A missing file is not an empty table: a table without rows, or without changes, is a file with only its
 * header.
 */
export class FileNotWrittenError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-11'
  readonly blame = 'source'
  readonly retry = false

  constructor(
    source: string,
    {
      by,
      file,
      written,
      near,
    }: {
      readonly by: Writer
      readonly file: string
      readonly written: readonly string[]
      readonly near: string | undefined
    },
  ) {
    const found = written.length === 0 ? 'it wrote no file' : `it wrote ${written.slice(0, 20).join(', ')}`
    const writer = by === 'program' ? 'export program' : 'connector'
    super(`The ${writer} of "${source}" did not write "${file}"; ${found}.`, {
      remedy:
        near === undefined
          ? missing[by]
          : `Did you mean "${near}"? Correct \`file\` in the mapping, or the ${by === 'program' ? 'program' : 'options of the connector'}.`,
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
 * An export gets a new folder each time, which then replaces the `folder` of the source with all its content. A folder that no
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
