/**
 * Loads the language of expressions where a mapping has one, so that nobody else waits for it.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import type { Projection } from '../projection.ts'
import type { CompileExpression } from './compile-shape.ts'
import { RowShaper } from './row-shaper.ts'

/** The shaper of a mapping that shapes anything; throws `ExpressionError` where an expression cannot be used. */
export async function shaperOf(projection: Projection): Promise<RowShaper | undefined> {
  const { shaping, mapping } = projection
  if (shaping === undefined) return undefined
  const expressions = hasExpressions(shaping) ? await expressionsOf(mapping) : none
  return new RowShaper(projection, expressions)
}

function hasExpressions({ shapes, where }: NonNullable<Projection['shaping']>): boolean {
  return where !== undefined || shapes.some((shape) => shape?.origin.kind === 'expression')
}

async function expressionsOf(mapping: string): Promise<CompileExpression> {
  const { compileExpression } = await import('./compile-expression.ts')
  const { ExpressionProblem } = await import('./expression-environment.ts')
  return (text) => {
    try {
      return compileExpression(text)
    } catch (error) {
      if (error instanceof ExpressionProblem) throw new ExpressionError(mapping, text, error)
      throw error
    }
  }
}

const none: CompileExpression = (text) => {
  throw new TypeError(`Nobody has looked for the expression ${text}.`)
}

/**
 * SLUICE-PREPARE-38: an expression of a mapping cannot be used.
 *
 * `sluice check` shows its line and column. Nothing of the source is prepared.
 */
export class ExpressionError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-38'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(mapping: string, text: string, cause: Error & { readonly remedy: string | undefined }) {
    super(`The expression ${text} of the mapping "${mapping}" cannot be used: ${cause.message}`, {
      cause,
      remedy: cause.remedy ?? 'sluice check shows its line and column.',
      details: { mapping, expression: text },
    })
  }
}
