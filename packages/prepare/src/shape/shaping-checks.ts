/**
 * What a configuration is told of expressions and patterns before any row comes.
 *
 * @module
 */
import type { Shaping } from '@sluice/model'

/** Loads the languages they are written in, which take their time: only for a project that shapes values. */
export async function loadShapingChecks(): Promise<Pick<Shaping, 'expression' | 'pattern'>> {
  const { compileExpression } = await import('./compile-expression.ts')
  const { ExpressionProblem } = await import('./expression-environment.ts')
  const { RE2JS } = await import('re2js')
  return {
    expression: (text) => {
      try {
        const { columns, kind } = compileExpression(text)
        return { text, columns, kind }
      } catch (error) {
        if (error instanceof ExpressionProblem) return { problem: error.message, remedy: error.remedy }
        throw error
      }
    },
    pattern: (text, replacement = '') => {
      try {
        const groups = RE2JS.compile(text).groupCount()
        const named = [...replacement.matchAll(/\$(\d+)/g)].map(([, digits]) => Number(digits))
        const absent = named.find((group) => group > groups)
        return absent === undefined ? undefined : { problem: `The pattern has no group ${absent}.` }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return {
          problem: `This is not a valid regular expression: ${reason}.`,
          remedy: 'Patterns are written in the syntax of RE2.',
        }
      }
    },
  }
}
