/**
 * Opens the files behind a table and finds out what they are: encoding, separator, header; and
 * refuses what no mapping can use.
 *
 * @module
 */
import type { FileFormat } from '@sluice/model'
import { nearMatch } from '../near-match.ts'
import type { PlainEncoding } from './encodings.ts'
import {
  encodingByEvidence,
  encodingByHead,
  openPlainFile,
  type PlainFile,
  rawChunks,
  type SourceFile,
  Utf8Judge,
  utf8Head,
} from './plain-file.ts'
import {
  DifferentHeadersError,
  DuplicateColumnError,
  MissingColumnError,
  NoHeaderError,
} from './prepare-errors.ts'
import type { Projection } from './projection.ts'
import { columnName, type Header, readHeader } from './read-header.ts'
import type { OpenFile, OpenTable, TableContext } from './table.ts'

type OpenContext = Pick<TableContext, 'tempFolder' | 'signal' | 'note'>

/** Opens the files; the mapped columns of all projections are in their header. */
export async function openTable(
  sources: readonly SourceFile[],
  format: FileFormat,
  projections: readonly Projection[],
  context: OpenContext,
): Promise<OpenTable> {
  const mapped = [...new Set(projections.flatMap(({ columns }) => columns))]
  const files: OpenFile[] = []
  for (const source of sources) {
    const plain = await openPlainFile(source, context.tempFolder, context.signal)
    const encoding = await encodingOf(plain, format, context)
    const header = await headerOf(plain, encoding, format, mapped)
    const [first] = files
    if (first === undefined)
      for (const projection of projections) checkColumns(source.name, header, projection)
    else checkSameHeader(first, source.name, header)
    files.push({ plain, encoding, header })
  }
  return { format, files }
}

async function encodingOf(
  plain: PlainFile,
  format: FileFormat,
  context: OpenContext,
): Promise<PlainEncoding> {
  const known = encodingByHead(plain, format.encoding)
  if (known !== undefined) return known
  const judge = new Utf8Judge()
  for await (const chunk of rawChunks(plain)) {
    context.signal?.throwIfAborted()
    judge.add(chunk)
  }
  const evidence = judge.finish()
  const encoding = encodingByEvidence(evidence)
  if (encoding !== 'utf-8') context.note(`${plain.source.name} is not UTF-8; it was read as ${encoding}.`)
  return encoding
}

export async function headerOf(
  plain: PlainFile,
  encoding: PlainEncoding,
  format: FileFormat,
  mapped: readonly string[],
): Promise<Header> {
  const whole = plain.head.length >= plain.size
  const found = readHeader(await utf8Head(plain, encoding), whole, format, mapped)
  if (found.kind === 'none') throw new NoHeaderError(plain.source.name, found.reason)
  return found.header
}

export function checkColumns(file: string, header: Header, projection: Projection): void {
  for (const column of projection.columns) {
    const name = columnName(column)
    const count = header.columns.filter((one) => one === name).length
    if (count > 1) throw new DuplicateColumnError(file, column)
    if (count === 1) continue
    const near = nearMatch(name, header.columns)
    throw new MissingColumnError(file, projection.mapping, column, header.columns, near)
  }
}

function checkSameHeader(first: OpenFile, file: string, header: Header): void {
  const expected = first.header.columns
  const same =
    header.columns.length === expected.length && header.columns.every((name, i) => name === expected[i])
  if (!same) throw new DifferentHeadersError(first.plain.source.name, file, expected, header.columns)
}
