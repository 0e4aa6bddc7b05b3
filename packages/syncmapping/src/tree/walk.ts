/**
 * Ways through a tree.
 *
 * @module
 */
import type { Expression, Statement } from './tree.ts'

/** The expressions of which one is made, directly. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'list':
      return expression.items
    case 'binary':
      return [expression.left, expression.right]
    case 'unary':
      return [expression.operand]
    case 'member':
      return [expression.object]
    case 'index':
      return [expression.object, expression.index]
    case 'keyPath':
      return expression.object === undefined ? [] : [expression.object]
    case 'call':
    case 'sync':
    case 'relationship':
      return expression.arguments.map(({ value }) => value)
    default:
      return []
  }
}

/** The statements inside of one, directly. */
export function innerStatements(statement: Statement): readonly Statement[] {
  if (statement.type === 'if') {
    return [...statement.branches.flatMap(({ statements }) => statements), ...statement.otherwise]
  }
  return 'statements' in statement ? statement.statements : []
}

/** All statements, from the outside inwards. */
export function allStatements(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => [statement, ...allStatements(innerStatements(statement))])
}

/** The expressions of a statement and all of which they are made; not those of statements inside of it. */
export function allExpressions(statement: Statement): readonly Expression[] {
  return expressionsOf(statement).flatMap(withParts)
}

function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.type) {
    case 'assign':
      return [...statement.targets, ...statement.values]
    case 'call':
      return [statement.call]
    case 'if':
      return statement.branches.map(({ condition }) => condition)
    case 'forIn':
      return [statement.values]
    case 'group':
      return [statement.identifier]
    default:
      return []
  }
}

/** An expression and all of which it is made. */
export function withParts(expression: Expression): readonly Expression[] {
  return [expression, ...partsOf(expression).flatMap(withParts)]
}
