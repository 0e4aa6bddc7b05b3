/**
 * What is kept for how long, with its defaults.
 *
 * @module
 */

/** What a repository keeps of the past, in the order in which it is pruned: a run goes when its history is gone. */
export const prunedKinds = [
  'history',
  'runs',
  'rejectedRows',
  'deliveries',
  'executions',
  'notifications',
  'audit',
] as const
export type PrunedKind = (typeof prunedKinds)[number]

/** What is older goes, and what is beyond so many newest ones. `undefined`: no limit. */
export interface Keeping {
  /** Milliseconds. */
  readonly age: number | undefined
  readonly count: number | undefined
}

export interface Retention extends Readonly<Record<PrunedKind, Keeping>> {
  /** Milliseconds between two looks of a server; `undefined`: nobody prunes by itself. */
  readonly every: number | undefined
  /** Milliseconds for which files of the work folder are kept that nobody needs; `undefined`: for ever. */
  readonly files: number | undefined
}
