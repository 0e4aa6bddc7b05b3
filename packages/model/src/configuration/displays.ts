/**
 * What makes names of expressions: handed in, because the language they are written in is the work of another package, and loaded
 * only where a model has one.
 *
 * @module
 */
import type { DisplayTerm } from '../entity/display.ts'
import type { Property } from '../entity/entity-model.ts'
import { isThere } from './definition.ts'
import { Findings } from './findings.ts'
import { type ConfigurationFile, readYaml } from './yaml-file.ts'

/** Why an expression cannot be used. */
export interface DisplayProblem {
  readonly problem: string
  readonly remedy?: string | undefined
  /** Where in the expression, in characters from its beginning. */
  readonly offset: number
}

/** What an expression over these properties comes to. */
export type CompileDisplay = (
  expression: string,
  properties: readonly Property[],
) => DisplayTerm | DisplayProblem

/** Whether an entity type of the file, as far as the text can be read, is displayed by an expression. */
export function hasDisplayExpressions(file: ConfigurationFile): boolean {
  // Most models have none, and need not be read twice.
  if (!/\bexpression\b/.test(file.text)) return false
  const { value } = readYaml(file, new Findings())
  if (!isThere(value, ['entityTypes'])) return false
  const types: unknown = Reflect.get(Object(value), 'entityTypes')
  return Object.values(Object(types)).some((type) => isThere(type, ['display', 'expression']))
}
