/**
 * Why a source file cannot be prepared. Each of these refuses the whole delivery: a file of which
 * we are not sure must not decide what disappears from the repository (principle 6).
 *
 * @module
 */
import { basename } from 'node:path'
import { SluiceError, visibleText } from '@sluice/model'

/**
 * SLUICE-PREPARE-01: a mapped column is not in the header of its file.
 *
 * A column that disappears is a change of the export, not a system without values. The message
 * lists the columns found; correct the mapping or the export.
 */
export class MissingColumnError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-01'
  readonly blame = 'source'
  readonly retry = false

  constructor(
    file: string,
    mapping: string,
    column: string,
    found: readonly string[],
    near: string | undefined,
  ) {
    const shown = (name: string) => `"${visibleText(name)}"`
    const mend = 'Correct `column` in the mapping, or mend the export.'
    super(
      `${file} has no column ${shown(column)}, which the mapping "${mapping}" needs; it has ${found.map(shown).join(', ')}.`,
      {
        remedy: near === undefined ? mend : `Did you mean ${shown(near)}? ${hintOf(near, column)}${mend}`,
        place: { file },
        details: { file, mapping, column, found, near },
      },
    )
  }
}

/** Of a name that looks like the one that is mapped, and is another. */
function hintOf(near: string, column: string): string {
  if (visibleText(near) === near && visibleText(column) === column) return ''
  return 'The two differ in characters that cannot be seen; in YAML they are written so, in double quotes. '
}

/**
 * SLUICE-PREPARE-02: the header names a mapped column twice.
 *
 * Which of the two is meant cannot be known. Rename one of them in the export.
 */
export class DuplicateColumnError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-02'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, column: string) {
    super(`The header of ${file} names the mapped column "${column}" more than once.`, {
      remedy: 'Rename one of the two in the export.',
      place: { file },
      details: { file, column },
    })
  }
}

/**
 * SLUICE-PREPARE-03: a source file has no header.
 *
 * A file of zero bytes is a failed export, not an empty system; an empty table is a header and
 * nothing else. Run the export again.
 */
export class NoHeaderError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-03'
  readonly blame = 'source'
  readonly retry = false

  /** Behind the name of the file: `has no header`. */
  readonly reason: string

  constructor(file: string, reason: string) {
    super(`${file} ${reason}.`, {
      remedy: 'Run the export again; a table without rows still has its header.',
      place: { file },
      details: { file },
    })
    this.reason = reason
  }
}

/**
 * SLUICE-PREPARE-04: a source file ends in the middle of a row.
 *
 * It was cut off: a full disk, a broken transfer, or an export that is still writing. What is
 * missing at the end would look like deletions, so nothing is delivered. Run the export again.
 */
export class CutOffFileError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-04'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, line: number, reason: string) {
    super(`${file} ends in the middle of line ${line} (${reason}); it looks cut off.`, {
      remedy: 'Run the export again and wait for its end.',
      place: { file, line },
      details: { file, line },
    })
  }
}

/**
 * SLUICE-PREPARE-05: quotes in a source file are broken and it is not sure where the next row starts.
 *
 * Going on would risk swallowing rows. Look at the line named: a quote inside a quoted field must be
 * doubled. Where the rows are right as they are, the format option `quotedLineBreaks: trust` says so.
 */
export class BrokenQuotesError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-05'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, opened: number, until: number, reason: string) {
    super(`${file}: the quote opened on line ${opened} ${reason}; rows up to line ${until} are in doubt.`, {
      remedy: `Look at line ${opened}: a quote inside a quoted field must be doubled. If quoted line breaks are meant, set quotedLineBreaks: trust.`,
      place: { file, line: opened },
      details: { file, line: opened, until },
    })
  }
}

/**
 * SLUICE-PREPARE-06: the part files of one table do not have the same header.
 *
 * Parts of different exports were mixed, or one of them is broken. Empty the folder and run the
 * export again.
 */
export class DifferentHeadersError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-06'
  readonly blame = 'source'
  readonly retry = false

  constructor(first: string, other: string, expected: readonly string[], found: readonly string[]) {
    const shown = (names: readonly string[]) => names.map(visibleText).join(', ')
    super(`${other} has another header than ${first}: ${shown(found)} instead of ${shown(expected)}.`, {
      remedy: 'Empty the folder of part files and run the export again.',
      place: { file: other },
      details: { first, other, expected, found },
    })
  }
}

/**
 * SLUICE-PREPARE-07: a source file changed while it was read.
 *
 * An export was still writing. Run Sluice after the export's end.
 */
export class FileChangedError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-07'
  readonly blame = 'source'
  readonly retry = true

  constructor(file: string) {
    super(`${file} changed while it was read.`, {
      remedy: 'Run Sluice after the export has ended.',
      place: { file },
      details: { file },
    })
  }
}

/**
 * SLUICE-PREPARE-09: a compressed source file cannot be read.
 *
 * It is damaged or cut off, or its compression needs a newer Node. Run the export again, or
 * deliver it as gzip or plain text.
 */
export class CompressionError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-09'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file} cannot be decompressed: ${reason}.`, {
      cause,
      remedy: 'Run the export again, or deliver the file as gzip or plain text.',
      place: { file },
      details: { file },
    })
  }
}

/**
 * SLUICE-PREPARE-10: a line of a source file is longer than any row can be.
 *
 * The file is not text with one row a line, or its line ends were lost. `prepare.maximumFieldSize`
 * sets the measure.
 */
export class LineTooLongError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-10'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, line: number, limit: number) {
    super(`Line ${line} of ${file} is longer than ${limit} bytes.`, {
      remedy: 'Check that the file is a text with one row a line, or raise prepare.maximumFieldSize.',
      place: { file, line },
      details: { file, line, limit },
    })
  }
}

/**
 * SLUICE-PREPARE-12: DuckDB, which sorts the rows, failed.
 *
 * Its own words are in the message. When they speak of memory, raise `prepare.memoryLimit`.
 */
export class SortFailedError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-12'
  readonly blame = 'usage'
  readonly retry = false

  constructor(subject: string, cause: unknown) {
    super(`Sorting ${subject} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      remedy: 'When it speaks of memory, raise prepare.memoryLimit; else see the message.',
      details: { subject },
    })
  }
}

/**
 * SLUICE-EXPORT-12: a source file does not have as many rows as its export program says.
 *
 * Rows were lost or doubled between the program and the file: it was still writing, the disk was full, or a line break
 * stands in a value without quotes. Nothing is delivered.
 */
export class RowCountError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-12'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, said: number, found: number) {
    super(
      `${file} has ${found} ${found === 1 ? 'row' : 'rows'}; its export program says that it wrote ${said}.`,
      {
        remedy: 'Export again; when it stays so, look for values with line breaks that are not quoted.',
        place: { file },
        details: { file, said, found },
      },
    )
  }
}

/**
 * SLUICE-DELIVER-10: a file in the outbox that was changed or written by hand cannot be delivered.
 *
 * The message names the line. A prepared file has the header that `sluice prepare` writes, is UTF-8 with commas and line
 * feeds, sorted by its key (ordinal order of UTF-16 code units) with no key twice; each line of a delta begins with its command.
 */
export class UnfitPreparedFileError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-10'
  readonly blame = 'usage'
  readonly retry = false

  constructor(path: string, line: number, what: string, cause?: unknown) {
    super(`Line ${line} of ${basename(path)} cannot be delivered as it is: ${what}.`, {
      cause,
      remedy: `Mend line ${line}, or prepare the source again.`,
      place: { file: path, line },
      details: { file: path, line },
    })
  }
}

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
    super(`${file}, line ${line}: the row says "${word}", but a complete has to be everything there is.`, {
      remedy:
        'Let the managed system export everything, without commands, and run again with --mode complete. Changes alone are an incremental.',
      details: { file, line, command: word },
    })
  }
}

/**
 * SLUICE-PREPARE-32: files of changes were found where only everything can help.
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
    super(`${file} of ${source} holds changes, and everything is needed: ${why}`, {
      remedy: `Let the managed system export everything, then: sluice sync ${source} --mode complete`,
      details: { source, file },
    })
  }
}

/**
 * SLUICE-PREPARE-33: a file of changes has no column of commands, though its mapping says that there is one.
 *
 * With `commands: true`, or a column that is named there, an incremental brings changes only, and what a file without that column does not name would be deleted.
 * Mend the export. Where the file holds everything there is, run with `--mode complete`.
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
          'Mend the export. Where the file holds everything there is, run with --mode complete, or leave out `commands`.',
        place: { file },
        details: { file, mapping, found: header },
      },
    )
  }
}

/**
 * SLUICE-PREPARE-34: a file of changes feeds several mappings, and nothing tells which of them its commands act on.
 *
 * `delete` in a row of people that also names their departments must not delete a department. Say `commands: true` in the mapping
 * whose key a row has: what the rows are of. To the others a row says only that they exist.
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

/**
 * SLUICE-PREPARE-35: a file of nodes and relationships is damaged, so nothing of it can be trusted.
 *
 * It is empty, no UTF-8, or ends in the middle of its document; the message says which. What is missing would look like deletions, so
 * nothing is delivered. A graph without anything is a document with empty lists, or JSON Lines of one empty line.
 */
export class DamagedGraphFileError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-35'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, line: number | undefined, reason: string) {
    super(`${file}${line === undefined ? '' : `, line ${line},`} ${reason}.`, {
      remedy: 'Run the export again and wait for its end.',
      place: { file, line },
      details: { file, line },
    })
  }
}

/**
 * SLUICE-PREPARE-36: nothing says how a file of nodes and relationships is written.
 *
 * Names that end in `.jsonl` or `.ndjson`, `.json`, `.graphml` or `.xml` say it, compressed or not; of any other file `form` does.
 */
export class GraphFormError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-36'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(file: string) {
    super(`The name of ${file} does not tell how it is written.`, {
      remedy: `Write {file: ${file}, form: jsonLines} under graph.files, or json, or graphml.`,
      place: { file },
      details: { file },
    })
  }
}
