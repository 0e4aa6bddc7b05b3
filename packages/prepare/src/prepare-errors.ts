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
    const mend = 'Correct `column` in the mapping, or correct the export.'
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
 * A file of zero bytes means a failed export, not an empty system; an empty table is a header and
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
 * Reading on could lose rows. Look at the line named: a quote inside a quoted field must be
 * doubled. If the line breaks in the quotes are meant, set the format option `quotedLineBreaks: trust`.
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
 * Its error text is in the message. If it is about memory, raise `prepare.memoryLimit`.
 */
export class SortFailedError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-12'
  readonly blame = 'usage'
  readonly retry = false

  constructor(subject: string, cause: unknown) {
    super(`Sorting ${subject} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      remedy: 'If the message is about memory, raise prepare.memoryLimit.',
      details: { subject },
    })
  }
}

/**
 * SLUICE-EXPORT-12: a source file does not have as many rows as its export says.
 *
 * Rows were lost or doubled between the program and the file: it was still writing, the disk was full, or a line break
 * stands in a value without quotes. Nothing is delivered.
 */
export class RowCountError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-12'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, said: number, found: number) {
    super(`${file} has ${found} ${found === 1 ? 'row' : 'rows'}; its export says that it wrote ${said}.`, {
      remedy: 'Export again; when it stays so, look for values with line breaks that are not quoted.',
      place: { file },
      details: { file, said, found },
    })
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
      remedy: `Correct line ${line}, or prepare the source again.`,
      place: { file: path, line },
      details: { file: path, line },
    })
  }
}
