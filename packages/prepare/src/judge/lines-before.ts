/**
 * Looks for the header below the first lines, where it is not the first.
 *
 * @module
 */
import { cutText, type FileFormat, visibleText } from '@sluice/model'
import type { PlainEncoding } from '../read/plain-encoding.ts'
import { type PlainFile, utf8Head } from '../read/plain-file.ts'
import { columnName, nextLine, readHeader } from '../read/read-header.ts'
import { LinesBeforeHeaderError } from './file-errors.ts'

/** No report has a longer title. */
const mostLines = 30
const longestShown = 60

/** Throws where the mapped columns, several of them, are found in a line further down. */
export async function checkLinesBefore(
  plain: PlainFile,
  encoding: PlainEncoding,
  format: FileFormat,
  mapped: readonly string[],
): Promise<void> {
  // A lone name may stand in any text.
  if (mapped.length < 2) return
  const whole = plain.head.length >= plain.size
  const head = await utf8Head(plain, encoding)
  for (let lines = 1; lines <= mostLines; lines++) {
    const found = readHeader(head, whole, { ...format, skipLines: format.skipLines + lines }, mapped)
    if (found.kind === 'none') continue
    const { columns, lineEnds, skipLines } = found.header
    if (!mapped.every((column) => columns.includes(columnName(column)))) continue
    const start = head
      .subarray(0, nextLine(head, 0, lineEnds))
      .toString('utf8')
      .trim()
    throw new LinesBeforeHeaderError(
      plain.source.name,
      skipLines + 1,
      visibleText(cutText(start, longestShown)),
    )
  }
}
