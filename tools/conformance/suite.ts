/**
 * What every suite of cases looks like to the runner: a reader that knows the files of its format,
 * and cases that replay themselves in a workplace of their own.
 *
 * @module
 */
import type { RepositoryLocation } from '@sluice/project'

/** An empty folder and an empty repository that nobody else uses. */
export interface Workplace {
  readonly folder: string
  readonly repository: RepositoryLocation
  /** Agent and server in one process, or one behind the other over HTTP. */
  readonly through?: 'process' | 'http' | undefined
}

/** The first block of a case in which the product did something else. */
export interface Difference {
  /** As the case writes it, with its line: `csv expect db HR_Person (line 40)`. */
  readonly block: string
  readonly expected: string
  readonly found: string
}

export type Outcome =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'failed'; readonly difference: Difference }

export interface ConformanceCase {
  readonly id: string
  readonly title: string
  /** What the case needs that is not built yet; it is not replayed then. */
  readonly skipped?: string | undefined
  replay(workplace: Workplace): Promise<Outcome>
}

export interface Suite {
  readonly name: string
  /** The cases of this format in a folder, in the order of their file names; none when it holds others. */
  readCases(folder: string): Promise<readonly ConformanceCase[]>
}
