/**
 * Why a file of a source is not the table that is mapped, where something tells what it is.
 *
 * @module
 */
import { basename } from 'node:path'
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PREPARE-40: a source file is not a table, but a file of another kind.
 *
 * The message says which: a workbook, a page of a web server, an archive, a text in an encoding that nothing names. The remedy depends on
 * it and is in the message.
 */
export class NoTableError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-40'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, is: string, remedy: string) {
    super(`${file} ${is}, not a table of rows.`, { remedy, place: { file }, details: { file } })
  }
}

/**
 * SLUICE-PREPARE-41: other lines stand before the header of a source file.
 *
 * Reports begin with a title, a date or an empty line. The format option `skipLines` says how many lines to skip; the message has
 * the number with which the mapped columns are found.
 */
export class LinesBeforeHeaderError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-41'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(file: string, line: number, firstLine: string) {
    const first = firstLine === '' ? 'an empty line' : `the line "${firstLine}"`
    super(`${file} starts with ${first}; its header is line ${line}.`, {
      remedy: `Write \`format: {skipLines: ${line - 1}}\` in its mapping or source.`,
      place: { file, line },
      details: { file, line },
    })
  }
}

/**
 * SLUICE-PREPARE-44: the header of a source file is separated otherwise than its rows.
 *
 * No row has as many fields as the header has columns, and with another separator all have. Which of the two the export means is
 * for it to say: let it write one separator in all lines.
 */
export class SeparatorsDifferError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-44'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, header: string, rows: string) {
    const [ofHeader, ofRows] = [nameOf(header), nameOf(rows)]
    super(
      `The header of ${file} is separated by ${ofHeader}, and its rows by ${ofRows}: none of them fits it.`,
      {
        remedy: `Let the export write ${ofHeader} or ${ofRows} in all lines of the file.`,
        place: { file, line: 1 },
        details: { file, header, rows },
      },
    )
  }
}

function nameOf(separator: string): string {
  const names = new Map([
    [',', 'commas'],
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'vertical bars'],
  ])
  return names.get(separator) ?? `"${separator}"`
}

/**
 * SLUICE-PREPARE-42: a file among the part files of a table is not a part of it.
 *
 * All files of a folder that is mapped are parts of one table, but for those whose names begin with a point. What programs and
 * people leave beside them (locks, sums, thumbnails) has to lie somewhere else.
 */
export class StrayPartError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-42'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, reason: string) {
    super(`${file} is in the folder of part files of a table, but is not one of them: it ${reason}.`, {
      remedy: `Move ${basename(file)} out of the folder, and let nothing but part files be written there.`,
      place: { file },
      details: { file },
    })
  }
}
