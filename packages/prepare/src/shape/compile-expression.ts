/**
 * Expressions as functions of a row's texts.
 *
 * @module
 */
import { type CelResult, celMap, isCelError, isCelList, isCelUint, parse, plan } from '@bufbuild/cel'
import type { ExpressionKind } from '@sluice/model'
import { columnsOfExpression } from './columns-of-expression.ts'
import { ExpressionProblem, environment } from './expression-environment.ts'
import { typeOfExpression } from './type-of-expression.ts'
import { Unfit } from './unfit.ts'

export interface CompiledExpression {
  readonly columns: readonly string[]
  readonly kind: ExpressionKind
  /** `texts`: by column, each of `columns`; the same map may be handed in with other texts. */
  evaluator(texts: ReadonlyMap<string, string>): () => Result
}

/** A text, several, or true and false. */
export type Result = string | boolean | readonly string[] | Unfit

/** Throws `ExpressionProblem`. */
export function compileExpression(text: string): CompiledExpression {
  const parsed = parsedExpression(text)
  const columns = columnsOfExpression(parsed.expr)
  const type = typeOfExpression(parsed.expr)
  const kind = kinds[type]
  if (kind === undefined)
    throw new ExpressionProblem(
      `The expression gives a value of the type ${type}, which is not a text.`,
      'string(…) makes a text of most values.',
    )
  const evaluate = plan(environment, parsed)
  return {
    columns,
    kind,
    evaluator: (texts) => {
      const binding = { row: celMap(texts) }
      return () => resultOf(evaluate(binding))
    },
  }
}

function parsedExpression(text: string): ReturnType<typeof parse> {
  try {
    return parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ExpressionProblem(`This is not a valid CEL expression: ${reason}`)
  }
}

const kinds: Readonly<Record<string, ExpressionKind>> = {
  string: 'text',
  bool: 'boolean',
  int: 'integer',
  uint: 'integer',
  double: 'decimal',
  'google.protobuf.Timestamp': 'datetime',
  list: 'list',
  dyn: 'any',
  null_type: 'any',
}

function resultOf(value: CelResult): Result {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (isCelError(value)) return new Unfit(`the expression fails: ${value.message}`)
  if (!isCelList(value)) return textOf(value)
  const texts: string[] = []
  for (const one of value) {
    const text = textOf(one)
    if (typeof text !== 'string') return text
    texts.push(text)
  }
  return texts
}

function textOf(value: CelResult): string | Unfit {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') {
    const reason = `the expression gives ${value}, which is not a number`
    return Number.isFinite(value) ? plainNumber(value) : new Unfit(reason)
  }
  if (value === null) return ''
  if (isCelError(value)) return new Unfit(`the expression fails: ${value.message}`)
  if (isCelUint(value)) return String(value.value)
  return timestampOf(value) ?? new Unfit('the expression gives something that is not a text')
}

/** Never with an exponent: `1e21` is no decimal of a source. */
function plainNumber(value: number): string {
  const text = String(value)
  return text.includes('e')
    ? value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
    : text
}

function timestampOf(value: object): string | undefined {
  const message = Reflect.get(value, 'message')
  if (typeof message !== 'object' || message === null) return undefined
  const seconds: unknown = Reflect.get(message, 'seconds')
  const nanos: unknown = Reflect.get(message, 'nanos')
  if (Reflect.get(message, '$typeName') !== 'google.protobuf.Timestamp') return undefined
  if (typeof seconds !== 'bigint' || typeof nanos !== 'number') return undefined
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const micros = String(Math.floor(nanos / 1000))
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${whole}${micros === '' ? '' : `.${micros}`}Z`
}
