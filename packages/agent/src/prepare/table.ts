/**
 * The source file, or part files, behind one or more mappings: opened, its encoding and header known.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import type { FileFormat, PrepareSettings } from '@sluice/model'
import type { CleanFile } from './clean-inspector.ts'
import type { Base } from './compare-with-reference.ts'
import type { PlainEncoding } from './encodings.ts'
import { type PlainFile, utf8Chunks } from './plain-file.ts'
import type { PrepareProgress } from './prepare-progress.ts'
import type { Projection } from './projection.ts'
import type { Header } from './read-header.ts'
import { columnName } from './read-header.ts'
import type { Rejections } from './rejections.ts'
import type { Sorter } from './sorter.ts'

export interface OpenFile {
  readonly plain: PlainFile
  readonly encoding: PlainEncoding
  readonly header: Header
  /** What makes the fast way possible, when it is. */
  readonly clean: CleanFile | undefined
}

export interface OpenTable {
  readonly format: FileFormat
  /** At least one; all have the same header. */
  readonly files: readonly OpenFile[]
}

/** What preparing a table works with. */
export interface TableContext {
  /** The source's folder of state, where there is one. */
  readonly state: string | undefined
  /** Of an incremental. */
  readonly base: Base | undefined
  /** Of a complete that shall tell what changed since the reference. */
  readonly since: Base | undefined
  readonly folder: string
  readonly tempFolder: string
  readonly settings: PrepareSettings
  readonly sorter: Sorter
  readonly rejections: Rejections
  readonly progress: PrepareProgress
  readonly signal: AbortSignal | undefined
  readonly note: (text: string) => void
}

/** Where the mapping's columns stand in the header; all of them do. */
export function positions(header: Header, projection: Projection): readonly number[] {
  return projection.columns.map((column) => header.columns.indexOf(columnName(column)))
}

/** The text of the file as UTF-8, with progress told and cancellation heeded. */
export async function* tableChunks(
  file: OpenFile,
  { progress, signal }: Pick<TableContext, 'progress' | 'signal'>,
  onChunk: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of utf8Chunks(file.plain, file.encoding)) {
    signal?.throwIfAborted()
    progress.bytes(chunk.length)
    onChunk()
    yield chunk
  }
}
