/**
 * What every export hands over, whatever kind of managed system it reads: files, the cookies for next time, and what it
 * says of them.
 *
 * @module
 */
import type { DeliveryMode } from '@sluice/model'

export interface LocatedFile {
  readonly path: string
  /** Relative to the source's folder, with forward slashes: how reports name it. */
  readonly name: string
  readonly size: number
  readonly modified: number
}

/** A file that is mapped, as it was found. */
export interface LocatedTable {
  /** As it is mapped, with forward slashes. */
  readonly file: string
  /** The file itself, or the part files in the order of their names; at least one. */
  readonly parts: readonly LocatedFile[]
  /** Where it is a pattern, which of the files that fit were taken. */
  readonly note?: string | undefined
}

/** Source files, ready to be prepared. */
export interface Exported {
  readonly source: string
  /** `files`: no program was run; whoever wrote them has to answer for them. */
  readonly by: 'program' | 'files'
  /**
   * What the delivery has to be. A `complete` in place of an incremental, when the program has exported everything
   * although it was asked for changes: so decide it before announcing.
   */
  readonly mode: DeliveryMode
  /** Holds the source files: that of the source, or the one that was given. */
  readonly folder: string
  /** Every file that is mapped. */
  readonly tables: readonly LocatedTable[]
  /** How many rows the program says each file has, by file as it is mapped; prepare compares. */
  readonly rows: Readonly<Record<string, number>>
  /**
   * Folder of the cookies for next time; `undefined` when the program wrote none. The next export replaces it, so copy it
   * along with the prepared files; they are handed to the next export when their delivery is acknowledged.
   */
  readonly cookies: string | undefined
  readonly milliseconds: number
  /** They lie where only changes do: none of them is everything there is. */
  readonly changesOnly?: true | undefined
  /** Things worth knowing that stopped nothing; they belong into the report. */
  readonly notes: readonly string[]
}
