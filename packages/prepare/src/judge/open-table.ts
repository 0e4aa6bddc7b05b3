/**
 * Opens the files behind a table and finds out what they are: encoding, separator, header; and
 * refuses what no mapping can use.
 *
 * @module
 */
import { type FileFormat, nearMatch, type PrepareSettings, visibleText } from '@sluice/model'
import {
  DifferentHeadersError,
  DuplicateColumnError,
  MissingColumnError,
  NoHeaderError,
} from '../prepare-errors.ts'
import type { PrepareProgress } from '../prepare-progress.ts'
import type { Projection } from '../projection.ts'
import type { PlainEncoding } from '../read/plain-encoding.ts'
import {
  openPlainFile,
  type PlainFile,
  rawChunks,
  type SourceFile,
  type TempFolder,
  utf8Head,
} from '../read/plain-file.ts'
import { columnName, type Header, readHeader } from '../read/read-header.ts'
import type { CleanFile, OpenFile, OpenTable } from '../read/source-table.ts'
import { checkGivenSeparator, checkSeparator } from './check-separator.ts'
import { CleanInspector } from './clean-inspector.ts'
import { type EncodingFound, encodingByHead, encodingJudged, encodingOfHead } from './file-encoding.ts'
import { NoTableError, StrayPartError } from './file-errors.ts'
import { checkLinesBefore } from './lines-before.ts'
import { otherKind } from './no-table.ts'
import { Utf8Judge } from './utf8-judge.ts'

interface OpenContext {
  readonly tempFolder: TempFolder
  readonly settings: PrepareSettings
  readonly progress: PrepareProgress
  readonly signal: AbortSignal | undefined
  readonly note: (text: string) => void
  /** Whether a table with these columns may lack some that are mapped. */
  readonly mayLack?: ((header: readonly string[]) => boolean) | undefined
}

/** What a mapping looks for in a table. */
type Mapped = Pick<Projection, 'mapping' | 'wanted'>

/** Opens the files; the mapped columns of all projections are in their header. */
export async function openTable(
  sources: readonly SourceFile[],
  format: FileFormat,
  projections: readonly Mapped[],
  context: OpenContext,
): Promise<OpenTable> {
  const mapped = [...new Set(projections.flatMap(({ wanted }) => wanted))]
  const files: OpenFile[] = []
  for (const source of sources) {
    const plain = await openPlainFile(source, context.tempFolder, context.signal)
    const file = await orWhatItIs(plain, sources.length > 1, lookInto(plain, format, mapped, context))
    const [first] = files
    if (first === undefined) {
      const { columns } = file.header
      const some = mapped.some((column) => columns.includes(columnName(column)))
      const lenient = some && context.mayLack?.(columns) === true
      if (lenient) await checkSeparator(plain, file.encoding, file.header)
      else await checkMapped(file, format, mapped, sources.length > 1)
      for (const projection of projections) checkColumns(source.name, file.header, projection, lenient)
    } else checkSameHeader(first, file)
    files.push(file)
  }
  return { format, files }
}

/**
 * Reads the file once, at the speed of the disk: to learn its encoding where nothing else tells it,
 * and whether it is clean. The header is read as what the head of the file looks like.
 */
async function lookInto(
  plain: PlainFile,
  format: FileFormat,
  mapped: readonly string[],
  context: OpenContext,
): Promise<OpenFile> {
  const found = encodingByHead(plain, format.encoding)
  report(found, context)
  const known = found?.encoding
  if (known !== undefined && known !== 'utf-8') {
    return { plain, encoding: known, header: await headerOf(plain, known, format, mapped), clean: undefined }
  }
  const presumed = known ?? encodingOfHead(plain)
  const header = await headerOf(plain, presumed, format, mapped)
  const judge = new Utf8Judge()
  const inspector = new CleanInspector(header, context.settings.maximumFieldSize)
  const settled = format.encoding !== undefined
  for await (const chunk of rawChunks(plain)) {
    context.signal?.throwIfAborted()
    context.progress.bytes(chunk.length)
    judge.add(chunk)
    if (judge.valid) inspector.add(chunk)
    // Once in doubt, only the encoding is left to find out.
    if (settled && (!judge.valid || inspector.doubt !== undefined)) break
  }
  const judged = judge.finish()
  if (settled) return { plain, encoding: presumed, header, clean: cleanFile(judge, inspector) }
  const { encoding } = report(encodingJudged(plain, judged), context)
  if (encoding === presumed) return { plain, encoding, header, clean: cleanFile(judge, inspector) }
  return { plain, encoding, header: await headerOf(plain, encoding, format, mapped), clean: undefined }
}

function cleanFile(judge: Utf8Judge, inspector: CleanInspector): CleanFile | undefined {
  return judge.valid ? inspector.finish() : undefined
}

function report<T extends EncodingFound | undefined>(found: T, { note }: OpenContext): T {
  for (const text of found?.notes ?? []) note(text)
  return found
}

/** A file without a header may be no table at all, and one of several no part. */
export async function orWhatItIs<T>(plain: PlainFile, isPart: boolean, opened: Promise<T>): Promise<T> {
  try {
    return await opened
  } catch (error) {
    if (!(error instanceof NoHeaderError)) throw error
    const { name } = plain.source
    const kind = otherKind(plain.head)
    if (isPart) throw new StrayPartError(name, kind?.is ?? error.reason)
    if (kind !== undefined) throw new NoTableError(name, kind.is, kind.remedy)
    throw error
  }
}

/** Where columns are missing, what stands in their place says more than their names. */
export async function checkMapped(
  { plain, encoding, header }: Pick<OpenFile, 'plain' | 'encoding' | 'header'>,
  format: FileFormat,
  mapped: readonly string[],
  isPart: boolean,
): Promise<void> {
  const { name } = plain.source
  const found = mapped.filter((column) => header.columns.includes(columnName(column)))
  if (found.length === mapped.length) return await checkSeparator(plain, encoding, header)
  const kind = otherKind(plain.head)
  if (kind !== undefined && isPart) throw new StrayPartError(name, kind.is)
  if (kind !== undefined) throw new NoTableError(name, kind.is, kind.remedy)
  await checkLinesBefore(plain, encoding, format, mapped)
  if (format.separator !== undefined) await checkGivenSeparator(plain, encoding, format, mapped)
  if (isPart && found.length === 0 && mapped.length > 1) throw new StrayPartError(name, beginning(header))
}

function beginning({ columns, separator }: Header): string {
  return `begins with "${visibleText(columns.join(separator))}"`
}

export async function headerOf(
  plain: PlainFile,
  encoding: PlainEncoding,
  format: FileFormat,
  mapped: readonly string[],
): Promise<Header> {
  const whole = plain.head.length >= plain.size
  const found = readHeader(await utf8Head(plain, encoding), whole, format, mapped)
  if (found.kind === 'header') return found.header
  await checkLinesBefore(plain, encoding, format, mapped)
  throw new NoHeaderError(plain.source.name, found.reason)
}

/** Throws where a mapped column is not there, of a table that was let through without. */
export function refuseLacking({ files: [first] }: OpenTable, projections: readonly Mapped[]): void {
  if (first === undefined) return
  for (const projection of projections) checkColumns(first.plain.source.name, first.header, projection, false)
}

function checkColumns(file: string, header: Header, projection: Mapped, lenient: boolean): void {
  for (const column of projection.wanted) {
    const name = columnName(column)
    const count = header.columns.filter((one) => one === name).length
    if (count > 1) throw new DuplicateColumnError(file, column)
    if (count === 1 || lenient) continue
    throw missingColumn(file, header, { mapping: projection.mapping, column })
  }
}

export function missingColumn(
  file: string,
  { columns }: Header,
  { mapping, column }: { readonly mapping: string; readonly column: string },
): MissingColumnError {
  return new MissingColumnError(file, mapping, column, columns, nearMatch(columnName(column), columns))
}

function checkSameHeader(first: OpenFile, { plain, header }: OpenFile): void {
  const expected = first.header.columns
  const { name } = plain.source
  const same =
    header.columns.length === expected.length && header.columns.every((column, i) => column === expected[i])
  if (same) return
  const kind = otherKind(plain.head)
  if (kind !== undefined) throw new StrayPartError(name, kind.is)
  const none = !header.columns.some((column) => expected.includes(column))
  if (none)
    throw new StrayPartError(name, `begins with "${visibleText(header.columns.join(header.separator))}"`)
  throw new DifferentHeadersError(first.plain.source.name, name, expected, header.columns)
}
