/**
 * Who takes the records of a source file: each is a row, or cannot be read.
 *
 * @module
 */
import type { RecordParser } from './record-parser.ts'

/** A row that cannot be read. */
export interface BadRow {
  readonly file: string
  readonly line: number
  readonly column: string | null
  readonly text: string
  readonly reason: string
  readonly fields: string[]
  /** It may be the row of any key. */
  readonly anyKey?: true | undefined
}

/** Why a row is to be rejected, and the column it lies in when it lies in one. */
export interface RowTrouble {
  readonly column: string | null
  readonly reason: string
  /** At the end of a file without line feed: the row may be only the start of one. */
  readonly cutOff?: boolean | undefined
}

export interface RecordSink {
  /**
   * The fields stand in `parser`, as positions in `buffer`, as many as the header has; `line` is the row's first physical one. A sink that cannot
   * take the row says why, and is asked to reject it.
   */
  row(buffer: Uint8Array, parser: RecordParser, line: number): RowTrouble | undefined
  reject(row: BadRow): void
  /** Called between chunks: the moment to write to disk. */
  drain(): Promise<void>
}
