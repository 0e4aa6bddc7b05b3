/**
 * What the ways from an open table to its prepared files need.
 *
 * @module
 */
import type { CommandRoles, PrepareSettings } from '@sluice/model'
import type { CompareContext } from './compare/compare-with-reference.ts'
import type { Reference } from './compare/reference.ts'
import type { Narrowing } from './narrowed-projection.ts'
import type { PrepareProgress } from './prepare-progress.ts'
import type { Sorter } from './sort/sorter.ts'

/** What preparing a table needs. */
export interface TableContext extends CompareContext {
  /** Of an incremental: what it is compared with. */
  readonly base: Reference | undefined
  /** What is taken from a file of changes that lacks columns. */
  readonly narrow?: Narrowing | undefined
  /** What the commands of a mapped file mean to its mappings. */
  readonly commandRoles: (file: string) => CommandRoles
  /** Of each mapping: rows that were rejected before its table was made. */
  readonly rejectedBefore: ReadonlyMap<string, number>
  /** Of each file; all when absent. */
  readonly mostRows?: number | undefined
  /** A file without commands is refused, and not taken for everything there is. */
  readonly changesOnly?: boolean | undefined
  readonly settings: PrepareSettings
  readonly sorter: Sorter
  readonly progress: PrepareProgress
}
