/**
 * Which columns of a row an expression reads.
 *
 * @module
 */
import { type Expr, ExpressionProblem } from './expression-environment.ts'

/** Throws `ExpressionProblem` where it takes the row for more than its columns: then nobody could tell. */
export function columnsOfExpression(expr: Expr): readonly string[] {
  const columns = new Set<string>()
  visit(expr, (column) => columns.add(column))
  return [...columns]
}

function visit(expr: Expr | undefined, found: (column: string) => void): void {
  if (expr === undefined) return
  const column = columnOf(expr)
  if (column !== undefined) found(column)
  else if (isRow(expr))
    throw new ExpressionProblem(
      '"row" is read by its columns: row.name, or row["last name"].',
      'Name the column that is meant.',
    )
  else for (const part of partsOf(expr)) visit(part, found)
}

/** `row.name`, `has(row.name)` and `row["name"]`. */
export function columnOf({ exprKind }: Expr): string | undefined {
  if (exprKind.case === 'selectExpr') return isRow(exprKind.value.operand) ? exprKind.value.field : undefined
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined
  const [row, name] = exprKind.value.args
  const constant = name?.exprKind.case === 'constExpr' ? name.exprKind.value.constantKind : undefined
  return isRow(row) && constant?.case === 'stringValue' ? constant.value : undefined
}

function isRow(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === 'identExpr' && expr.exprKind.value.name === 'row'
}

function partsOf({ exprKind }: Expr): readonly (Expr | undefined)[] {
  switch (exprKind.case) {
    case 'selectExpr':
      return [exprKind.value.operand]
    case 'callExpr':
      return [exprKind.value.target, ...exprKind.value.args]
    case 'listExpr':
      return exprKind.value.elements
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) =>
        keyKind.case === 'mapKey' ? [keyKind.value, value] : [value],
      )
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value
      return [iterRange, accuInit, loopCondition, loopStep, result]
    }
    default:
      return []
  }
}
