/**
 * Finds out that the header of a file is separated otherwise than its rows: programs that write the header by hand do so.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import type { PlainEncoding } from '../read/plain-encoding.ts'
import { type PlainFile, utf8Head } from '../read/plain-file.ts'
import { columnName, type Header, readHeader, rowsThatFit, separators } from '../read/read-header.ts'
import { SeparatorsDifferError } from './file-errors.ts'

/** Throws where none of the first rows fits the header, and all do with another separator. */
export async function checkSeparator(
  plain: PlainFile,
  encoding: PlainEncoding,
  header: Header,
): Promise<void> {
  // One column is separated by nothing.
  if (header.columns.length === 1) return
  const whole = plain.head.length >= plain.size
  const head = await utf8Head(plain, encoding)
  if (rowsThatFit(head, whole, header, header.separator) !== 'none') return
  const others = separators.filter((separator) => separator !== header.separator)
  const rows = others.find((separator) => rowsThatFit(head, whole, header, separator) === 'all')
  if (rows !== undefined) throw new SeparatorsDifferError(plain.source.name, header.separator, rows)
}

/** The same where the configured separator, which is that of the rows, finds no columns in the header. */
export async function checkGivenSeparator(
  plain: PlainFile,
  encoding: PlainEncoding,
  format: FileFormat,
  mapped: readonly string[],
): Promise<void> {
  const whole = plain.head.length >= plain.size
  const found = readHeader(
    await utf8Head(plain, encoding),
    whole,
    { ...format, separator: undefined },
    mapped,
  )
  if (found.kind === 'none') return
  const { columns } = found.header
  if (mapped.every((column) => columns.includes(columnName(column))))
    await checkSeparator(plain, encoding, found.header)
}
