/**
 * A display expression as CEL reads it, and the properties that it is about.
 *
 * @module
 */
import { parse } from '@bufbuild/cel'
import { type DisplayProblem, type Property, suggestion } from '@sluice/model'

type Parsed = ReturnType<typeof parse>
export type Expr = Parsed['expr']

/** Why an expression cannot be used, and where in it. */
export class UnfitExpression extends Error {
  readonly problem: DisplayProblem

  constructor(problem: DisplayProblem) {
    super(problem.problem)
    this.problem = problem
  }
}

export class DisplaySource {
  readonly expr: Expr
  readonly #info: Parsed['sourceInfo']
  readonly #properties: ReadonlyMap<string, Property>

  /** Throws `UnfitExpression` where the text is no CEL. */
  constructor(text: string, properties: readonly Property[]) {
    const { expr, sourceInfo } = parsed(text)
    this.expr = expr
    this.#info = sourceInfo
    this.#properties = new Map(properties.map((property) => [property.name, property]))
  }

  /** Ends the reading. */
  refuse(at: Expr | undefined, problem: string, remedy?: string): never {
    const offset = at === undefined ? undefined : this.#info?.positions[String(at.id)]
    throw new UnfitExpression({ problem, remedy, offset: offset ?? 0 })
  }

  /** What was written, where CEL has put something else in the place of `list.filter(…)`. */
  filterOf({ id }: Expr): { readonly list: Expr | undefined; readonly args: readonly Expr[] } | undefined {
    const call = this.#info?.macroCalls[String(id)]?.exprKind
    if (call?.case !== 'callExpr' || call.value.function !== 'filter') return undefined
    return { list: call.value.target, args: call.value.args }
  }

  /** The property that is written `name`, `resource.name` or `resource["name"]`; `undefined`: another expression. */
  propertyOf(expr: Expr): Property | undefined {
    const name = this.#nameIn(expr)
    if (name === undefined) return undefined
    const property = this.#properties.get(name)
    if (property === undefined)
      return this.refuse(
        expr,
        `There is no property "${name}" to be displayed by.`,
        suggestion(name, this.#properties.keys()),
      )
    if (property.type === 'reference' || property.type === 'file' || property.type === 'secret')
      return this.refuse(
        expr,
        `"${name}" is a ${property.type} and cannot be displayed.`,
        'Take a property with a plain value.',
      )
    return property
  }

  #nameIn({ exprKind }: Expr): string | undefined {
    if (exprKind.case === 'identExpr') return exprKind.value.name
    if (exprKind.case === 'selectExpr')
      return this.#isResource(exprKind.value.operand) ? exprKind.value.field : undefined
    if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined
    const [of, name] = exprKind.value.args
    return this.#isResource(of) ? textIn(name) : undefined
  }

  /** For names that are words of CEL. */
  #isResource(expr: Expr | undefined): boolean {
    return expr?.exprKind.case === 'identExpr' && expr.exprKind.value.name === 'resource'
  }
}

/** The text that stands there in quotes. */
export function textIn(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined
  return constant?.case === 'stringValue' ? constant.value : undefined
}

/** The whole number that stands there. */
export function integerIn(expr: Expr | undefined): bigint | undefined {
  const constant = expr?.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined
  return constant?.case === 'int64Value' ? constant.value : undefined
}

function parsed(text: string): Parsed {
  try {
    return parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^<input>:\d+:\d+: /, '') : String(error)
    const remedy = reason.includes('reserved')
      ? 'A property that is called like a word of CEL is written resource["its name"].'
      : undefined
    throw new UnfitExpression({
      problem: `This is no expression in CEL: ${reason}.`,
      remedy,
      offset: offsetOf(error),
    })
  }
}

/** Errors of the parser know their place, and their types do not tell. */
function offsetOf(error: unknown): number {
  const location: unknown = Reflect.get(Object(error), 'location')
  const start: unknown = Reflect.get(Object(location), 'start')
  const offset: unknown = Reflect.get(Object(start), 'offset')
  return typeof offset === 'number' ? offset : 0
}
