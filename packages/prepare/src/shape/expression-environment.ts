/**
 * CEL as expressions of mappings have it: the standard functions and those of strings, and one variable, the row.
 *
 * @module
 */
import { type CelEnv, CelScalar, celEnv, mapType, type parse } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'

export const environment: CelEnv = celEnv({
  funcs: strings,
  variables: { row: mapType(CelScalar.STRING, CelScalar.STRING) },
})

/** A part of a parsed expression. */
export type Expr = ReturnType<typeof parse>['expr']

/** Why an expression cannot be used. */
export class ExpressionProblem extends Error {
  readonly remedy: string | undefined

  constructor(message: string, remedy?: string) {
    super(message)
    this.remedy = remedy
  }
}
