/**
 * Where clauses: the part of the search language that a trigger of a pattern may have; with extended ones, what a search has
 * of a node and of what is reached from it.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { Span } from '../diagnostic.ts'
import { kindOf } from '../link/node-kind.ts'
import type { Binary, Expression, Unary } from '../tree/tree.ts'
import { partsOf } from '../tree/walk.ts'
import { checkExpression, checkPattern, reportSearch } from './check-expression.ts'
import { checkNodeAttribute } from './check-source.ts'
import { type Checking, type Here, type Meaning, meaningOf } from './checking.ts'

export function checkWhere(where: Expression, here: Here, checking: Checking): void {
  if (where.type === 'search') {
    reportSearch(where, checking)
    return
  }
  if (where.type === 'binary' && (where.operator === 'and' || where.operator === 'or')) {
    checkWhere(where.left, here, checking)
    checkWhere(where.right, here, checking)
    return
  }
  if (checking.hasExtendedWhere) checkExtended(where, here, checking)
  else checkTrigger(where, here, checking)
}

/** What a trigger can have. */
function checkTrigger(where: Expression, here: Here, checking: Checking): void {
  const operator = operatorOf(where)
  if (operator !== undefined && !allowed.has(operator.name)) {
    const search = searchIn(where)
    if (search === undefined) reportOperator(operator.name, operator.at, checking)
    else reportSearch(search, checking)
  } else if (where.type === 'binary' || where.type === 'unary') checkComparison(where, here, checking)
  else reportBare(where, checking)
}

/** What a search can have. */
function checkExtended(where: Expression, here: Here, checking: Checking): void {
  if (where.type === 'unary' && where.operator === 'not') checkWhere(where.operand, here, checking)
  else if (where.type === 'unary' && where.operator !== '-') checkComparison(where, here, checking)
  else if (where.type === 'binary' && !calculations.has(where.operator))
    checkComparison(where, here, checking)
  else checkAttribute(where, here, checking)
}

function checkComparison(where: Binary | Unary, here: Here, checking: Checking): void {
  checkAttribute(where.type === 'binary' ? where.left : where.operand, here, checking)
  if (where.type !== 'binary') return
  checkOperand(where.right, here, checking)
  if (where.operator === 'matches') checkPattern(where.right, checking)
}

function searchIn(expression: Expression): Expression | undefined {
  if (expression.type === 'search') return expression
  return partsOf(expression)
    .map(searchIn)
    .find((found) => found !== undefined)
}

const allowed = new Set(['=', 'matches', 'exists'])
const remedy =
  'A where clause has "attribute = …", "attribute matches …" and "attribute exists", with and, or, ( ).'

function operatorOf(where: Expression): { readonly name: string; readonly at: Span } | undefined {
  if (where.type === 'binary' || where.type === 'unary') return { name: where.operator, at: where.operatorAt }
  return where.type === 'keyPath' ? { name: '#', at: where.at } : undefined
}

function reportOperator(name: string, at: Span, { report }: Checking): void {
  report('WHERE_UNSUPPORTED', at, `A where clause cannot have "${name}".`, remedy)
}

/** There is no comparison at all. */
function reportBare(where: Expression, { report }: Checking): void {
  report('WHERE_UNSUPPORTED', where.at, 'A where clause compares an attribute.', remedy)
}

function checkAttribute(attribute: Expression, here: Here, checking: Checking): void {
  if (attribute.type === 'name') {
    const { scope } = here
    const of: Meaning = { type: 'variable', scope, declared: scope.name }
    checking.observe({ type: 'member', name: attribute.name, of }, checking.mapping)
    checkNodeAttribute(attribute.name, kindOf(scope, checking.mapping), checking)
    return
  }
  if (checking.hasExtendedWhere && isKeyExpression(attribute)) {
    checkExpression(attribute, here, checking)
    return
  }
  const operator = operatorOf(attribute.type === 'member' ? innermost(attribute) : attribute)
  if (attribute.type === 'search') reportSearch(attribute, checking)
  else if (operator !== undefined) reportOperator(operator.name, operator.at, checking)
  else {
    checking.report(
      'SYNTAX',
      attribute.at,
      'The left side of a comparison is the name of an attribute.',
      remedy,
    )
  }
}

/** `#role:relationship:role:kind`, or an attribute of what it reaches. */
function isKeyExpression(expression: Expression): boolean {
  const path = expression.type === 'member' ? expression.object : expression
  return path.type === 'keyPath' && path.object === undefined
}

function innermost(expression: Expression): Expression {
  return expression.type === 'member' ? innermost(expression.object) : expression
}

/** A literal, a constant, or what these operators make of them. */
function checkOperand(operand: Expression, here: Here, checking: Checking): void {
  const operator = operatorOf(operand)
  if (operator !== undefined && !calculations.has(operator.name)) {
    reportOperator(operator.name, operator.at, checking)
  } else if (operand.type === 'binary') {
    checkOperand(operand.left, here, checking)
    checkOperand(operand.right, here, checking)
  } else if (operand.type === 'list') for (const item of operand.items) checkOperand(item, here, checking)
  else if (operand.type === 'name') checkConstant(operand.name, here, checking)
  else checkExpression(operand, here, checking)
}

const calculations = new Set(['+', '-', '*', '/', '%'])

function checkConstant(
  name: Extract<Expression, { type: 'name' }>['name'],
  here: Here,
  checking: Checking,
): void {
  const constants = checking.mapping.tree.constants.map((constant) => constant.name.text)
  const named = checking.mapping.module.names.get(name.text)
  if (constants.includes(name.text) || named !== undefined) {
    checking.read.add(name.text)
    checking.observe({ type: 'name', name, meaning: meaningOf(name.text, here, checking) }, checking.mapping)
    return
  }
  const isVariable = here.scope.name.text === name.text
  const message = isVariable
    ? `${name.text} is not known in its own where clause.`
    : `There is no constant ${name.text}.`
  checking.report(
    'NAME_UNKNOWN',
    name.at,
    message,
    suggestion(name.text, constants) ?? 'Put a text into quotation marks.',
  )
}
