/**
 * The source file, or part files, behind one or more mappings: opened, its encoding and header known.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import type { FileFormat } from '@sluice/model'
import type { PrepareProgress } from '../prepare-progress.ts'
import type { Projection } from '../projection.ts'
import type { PlainEncoding } from './plain-encoding.ts'
import { type PlainFile, utf8Chunks } from './plain-file.ts'
import { columnName, type Header } from './read-header.ts'

/** What the fast way needs to know about a clean file. */
export interface CleanFile {
  /** Records after the header. */
  readonly records: number
  /** Some quoted field holds a line break. */
  readonly multiline: boolean
  /** Some field must be quoted, or may have to be, in the output. */
  readonly quotes: boolean
  /** There is a `#`: DuckDB's writer quotes fields that hold one. */
  readonly hash: boolean
  /** All of it is in Unicode normal form C. */
  readonly composed: boolean
}

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

/** Where the mapping's columns stand in the header; all of them do. */
export function positions(header: Header, projection: Projection): readonly number[] {
  return projection.sourceColumns.map((column) => header.columns.indexOf(columnName(column)))
}

interface ChunkContext {
  readonly progress: PrepareProgress
  readonly signal: AbortSignal | undefined
}

/** The text of the file as UTF-8, with progress reported and cancellation heeded. */
export async function* tableChunks(
  file: OpenFile,
  { progress, signal }: ChunkContext,
  onChunk: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of utf8Chunks(file.plain, file.encoding)) {
    signal?.throwIfAborted()
    progress.bytes(chunk.length)
    onChunk()
    yield chunk
  }
}
