/**
 * What is needed to check the options of connectors; handed in by whoever can load them.
 *
 * @module
 */
import type { z } from 'zod'

export interface Connectors {
  /** The connector that a source of this file names. */
  find(file: string, connector: string): CheckedConnector | ConnectorProblem
}

/** What a connector says of its options and of what it writes. */
export interface CheckedConnector {
  readonly schema: z.ZodObject
  /** The files that a connector with such options writes; they have been checked with the schema. */
  tables(options: unknown): readonly WrittenTable[]
}

/** A file that a connector writes. */
export interface WrittenTable {
  readonly file: string
  /** Without `command`; absent where only the managed system knows. */
  readonly columns?: readonly string[] | undefined
}

/** Why a connector cannot be loaded. */
export interface ConnectorProblem {
  readonly problem: string
  readonly remedy?: string | undefined
}
