/**
 * What kind of value an expression gives, as far as that can be told before there is a row.
 *
 * The library's own checker is not among what it exports. Columns are texts, and every function says what it takes and gives, so
 * what is wrong for every row is found here; `dyn` is what only a row can tell.
 *
 * @module
 */
import type { CelFunc, CelType } from '@bufbuild/cel'
import { columnOf } from './columns-of-expression.ts'
import { type Expr, ExpressionProblem, environment } from './expression-environment.ts'

type Scope = ReadonlySet<string>
type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value']

/** The name of its type in CEL; throws `ExpressionProblem` for what fails with any row. */
export function typeOfExpression(expr: Expr): string {
  return typeOf(expr, new Set())
}

function typeOf(expr: Expr | undefined, scope: Scope): string {
  if (expr === undefined) return 'dyn'
  if (columnOf(expr) !== undefined) {
    return expr.exprKind.case === 'selectExpr' && expr.exprKind.value.testOnly ? 'bool' : 'string'
  }
  switch (expr.exprKind.case) {
    case 'constExpr':
      return constants[expr.exprKind.value.constantKind.case ?? ''] ?? 'dyn'
    case 'identExpr':
      return typeOfName(expr.exprKind.value.name, scope)
    case 'listExpr':
      for (const element of expr.exprKind.value.elements) typeOf(element, scope)
      return 'list'
    case 'structExpr':
      return 'map'
    case 'callExpr':
      return typeOfCall(expr.exprKind.value, scope)
    case 'comprehensionExpr': {
      const { iterVar, iterRange, accuVar, accuInit, loopStep, result } = expr.exprKind.value
      typeOf(iterRange, scope)
      const inner = new Set([...scope, iterVar, accuVar])
      typeOf(loopStep, inner)
      const first = typeOf(accuInit, scope)
      const given = typeOf(result, inner)
      return given === 'dyn' ? first : given
    }
    default:
      return 'dyn'
  }
}

const constants: Readonly<Record<string, string>> = {
  boolValue: 'bool',
  bytesValue: 'bytes',
  doubleValue: 'double',
  int64Value: 'int',
  uint64Value: 'uint',
  nullValue: 'null_type',
  stringValue: 'string',
}

const typeNames: ReadonlySet<string> = new Set([
  ...['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint'],
])

function typeOfName(name: string, scope: Scope): string {
  if (scope.has(name)) return 'dyn'
  if (typeNames.has(name)) return 'type'
  throw new ExpressionProblem(
    `There is no "${name}" in an expression.`,
    `A column is written row.${name}, and a text in quotes: "${name}".`,
  )
}

function typeOfCall({ target, function: name, args }: Call, scope: Scope): string {
  const qualified =
    target?.exprKind.case === 'identExpr' ? `${target.exprKind.value.name}.${name}` : undefined
  const inNamespace = qualified === undefined ? undefined : environment.funcs.find(qualified)
  const given = args.map((arg) => typeOf(arg, scope))
  if (inNamespace !== undefined) return resultOf([...inNamespace], undefined, given, name)
  const of = target === undefined ? undefined : typeOf(target, scope)
  switch (name) {
    case '_?_:_':
      return either(given[1] ?? 'dyn', given[2] ?? 'dyn')
    case '_&&_':
    case '_||_':
      refuseOthers(name, given)
      return 'bool'
    case '_[_]':
    case '@not_strictly_false':
      return 'dyn'
  }
  const group = environment.funcs.find(name)
  if (group === undefined)
    throw new ExpressionProblem(
      `There is no function "${name}".`,
      'docs/shaping.md lists the functions that there are.',
    )
  return resultOf([...group], of, given, name)
}

function resultOf(
  functions: readonly CelFunc[],
  target: string | undefined,
  given: readonly string[],
  name: string,
): string {
  const fitting = functions.filter(
    (one) =>
      takes(one.target, target) &&
      one.arguments.length === given.length &&
      one.arguments.every((type, index) => takes(type, given[index])),
  )
  const [first, ...others] = new Set(fitting.map(({ result }) => result.name))
  if (first !== undefined) return others.length === 0 ? first : 'dyn'
  throw new ExpressionProblem(
    `"${readable(name)}" is not for ${target === undefined ? '' : `${target} `}(${given.join(', ')}).`,
    'Columns are texts (string): int(row.number) makes a number of one.',
  )
}

function takes(type: CelType | undefined, given: string | undefined): boolean {
  if (type === undefined || given === undefined) return type === undefined && given === undefined
  return given === 'dyn' || type.name === 'dyn' || type.name === given
}

function refuseOthers(name: string, given: readonly string[]): void {
  const other = given.find((type) => type !== 'bool' && type !== 'dyn')
  if (other !== undefined)
    throw new ExpressionProblem(
      `"${readable(name)}" joins values that are true or false, but this is ${other}.`,
      'Compare it with something, such as row.status == "active".',
    )
}

function either(one: string, other: string): string {
  if (one === 'null_type') return other
  if (other === 'null_type' || one === other) return one
  return 'dyn'
}

/** `+` of `_+_`. */
function readable(name: string): string {
  return name === '@in' ? 'in' : name.replaceAll('_', '') || name
}
