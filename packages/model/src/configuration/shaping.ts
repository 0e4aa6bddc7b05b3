/**
 * What a configuration is given to check values that are made of columns: the language of expressions, and the files that
 * tables of values stand in, as they were read.
 *
 * Reading them is the work of another package, which knows this one; so it is handed in, and only where a project shapes values.
 *
 * @module
 */
import type { Expression } from '../source/shape.ts'

/** What is wrong with something, in a sentence. */
export interface ShapingProblem {
  readonly problem: string
  readonly remedy?: string | undefined
}

export interface TableFile {
  readonly columns: readonly string[]
  /** As many texts as columns. */
  readonly rows: readonly (readonly string[])[]
}

export interface Shaping {
  /** What is known of an expression before it is evaluated. */
  expression(text: string): Expression | ShapingProblem
  /** What is wrong with a regular expression, and with what its matches are replaced by; `undefined` where nothing is. */
  pattern(text: string, replacement?: string): ShapingProblem | undefined
  /** @param file Path of the configuration file that names it. */
  table(file: string, path: string): TableFile | ShapingProblem
}
