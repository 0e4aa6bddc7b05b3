/**
 * Shapes as functions of a record's texts: each is compiled once, and called for every row.
 *
 * @module
 */
import type { Shape } from '@sluice/model'
import type { CompiledExpression, Result } from './compile-expression.ts'
import { compileStep, compileTable } from './compile-step.ts'
import type { RecordTexts } from './record-texts.ts'
import { type Step, Unfit } from './unfit.ts'

/** Makes the value, or the values, of the record taken last. */
export type Made = () => string | readonly string[] | Unfit

/** Expressions are another library, which is loaded only where there is one. */
export type CompileExpression = (text: string) => CompiledExpression

interface CompileContext {
  readonly texts: RecordTexts
  /** Where a column stands among those that are read. */
  readonly at: (column: string) => number
  readonly expressions: CompileExpression
}

/** Columns of the source that the shape needs. */
export function columnsOfShape(
  { origin, columns }: Shape,
  expressions: CompileExpression,
): readonly string[] {
  return origin.kind === 'expression' ? expressions(origin.expression).columns : columns
}

export function compileShape(shape: Shape, context: CompileContext): Made {
  const origin = compileOrigin(shape, context)
  const steps = [
    ...shape.transforms.map(compileStep),
    ...(shape.table === undefined ? [] : [compileTable(shape.table)]),
  ]
  const { fallback, split } = shape
  const finish = finished(steps, fallback)
  const values = split === undefined ? origin : divided(origin, split)
  return () => {
    const found = values()
    if (typeof found === 'string') return finish(found)
    if (typeof found === 'boolean') return finish(String(found))
    return found instanceof Unfit ? found : each(found, finish)
  }
}

function compileOrigin({ origin, columns }: Shape, { texts, at, expressions }: CompileContext): () => Result {
  switch (origin.kind) {
    case 'value':
      return () => origin.value
    case 'column': {
      const column = at(columns[0] ?? '')
      return () => texts.text(column)
    }
    case 'join': {
      const all = columns.map(at)
      return () => {
        let joined = ''
        for (const column of all) {
          const text = texts.text(column)
          if (text !== '') joined = joined === '' ? text : `${joined}${origin.between}${text}`
        }
        return joined
      }
    }
    case 'expression':
      return evaluating(expressions(origin.expression), texts, at)
  }
}

/** Evaluates an expression on the record taken last. */
export function evaluating(
  { columns, evaluator }: CompiledExpression,
  texts: RecordTexts,
  at: (column: string) => number,
): () => Result {
  const row = new Map<string, string>()
  const evaluate = evaluator(row)
  const places = columns.map((column) => [column, at(column)] as const)
  return () => {
    for (const [column, place] of places) row.set(column, texts.text(place))
    return evaluate()
  }
}

/** An empty text stays empty until the default takes its place. */
function finished(steps: readonly Step[], fallback: string | undefined): Step {
  return (text) => {
    let now = text
    for (const step of steps) {
      if (now === '') break
      const next = step(now)
      if (typeof next !== 'string') return next
      now = next
    }
    return now === '' && fallback !== undefined ? fallback : now
  }
}

function divided(origin: () => Result, split: string): () => Result {
  return () => {
    const found = origin()
    return typeof found === 'string' ? found.split(split).filter((part) => part.trim() !== '') : found
  }
}

function each(texts: readonly string[], finish: Step): readonly string[] | Unfit {
  const made: string[] = []
  for (const text of texts) {
    const one = finish(text)
    if (typeof one !== 'string') return one
    if (one !== '') made.push(one)
  }
  return made
}
