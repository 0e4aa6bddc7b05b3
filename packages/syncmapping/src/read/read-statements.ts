/**
 * Statements as the grammar found them → statements of the tree.
 *
 * @module
 */
import type { Span } from '../diagnostic.ts'
import type * as ast from '../grammar/generated/ast.ts'
import type { Expression, If, Statement } from '../tree/tree.ts'
import { readExpression } from './read-expression.ts'
import { complete, dataModelsIn, nameIn, propertySpan, type Reading, spanOf, whole } from './reading.ts'
import { isInEnd } from './report-syntax.ts'

export function readStatements(statements: readonly ast.Statement[], reading: Reading): readonly Statement[] {
  return complete(statements.map((statement) => readStatement(statement, reading)))
}

function readStatement(statement: ast.Statement, reading: Reading): Statement | undefined {
  const at = spanOf(statement, reading)
  switch (statement.$type) {
    case 'Simple':
      return readSimple(statement, reading, at)
    case 'If':
      return readIf(statement, reading, at)
    case 'ForEach':
    case 'ForIn':
      return readLoop(statement, reading, at)
    case 'GroupStatement': {
      const name = nameIn(statement, 'name', reading)
      const identifier = readOrNone(whole(statement.identifier), reading, at)
      const statements = readStatements(statement.statements, reading)
      return name && { type: 'group', name, identifier, statements, at }
    }
    case 'DataModelStatement': {
      const statements = readStatements(statement.statements, reading)
      return { type: 'datamodel', dataModels: dataModelsIn(statement, reading), statements, at }
    }
    case 'Jump':
      return whole(statement.kind) && { type: 'jump', kind: statement.kind, at }
    case 'Empty':
      if (!isInEnd(reading.text, at.offset))
        reading.report('EMPTY_STATEMENT', at, 'This semicolon ends no statement.', 'Leave it out.')
      return undefined
    default:
      // What the parser gave up before it knew what it is.
      return undefined
  }
}

/** An assignment, or a call. */
function readSimple(statement: ast.Simple, reading: Reading, at: Span): Statement | undefined {
  const targets = complete(statement.targets.map((target) => readExpression(target, reading)))
  if (targets.length < statement.targets.length) return undefined
  if (statement.assigns) return readAssignment(statement, targets, reading, at)
  const [call, other] = targets
  if (call === undefined) return undefined
  if (other === undefined && isCall(call)) return { type: 'call', call, at }
  const end = reading.places.span(at.offset + at.length - 1, 1)
  const isKnown = reading.mistakes.some((offset) => offset >= at.offset && offset <= end.offset)
  if (reading.text[end.offset] === ';' && !isKnown) {
    const remedy = 'A statement assigns something or calls a function.'
    reading.report('SYNTAX', end, 'Expected := or a call before this.', remedy)
  }
  return undefined
}

function readAssignment(
  statement: ast.Simple,
  targets: readonly Expression[],
  reading: Reading,
  at: Span,
): Statement | undefined {
  const misplaced = targets.find(({ type }) => type !== 'name' && type !== 'member' && type !== 'index')
  if (misplaced !== undefined) {
    const assigned = propertySpan(statement, 'assigns', reading) ?? misplaced.at
    const remedy = 'Assign to a name, an attribute or an element.'
    reading.report('SYNTAX', assigned, 'Nothing can be assigned to a call.', remedy)
    return undefined
  }
  const values = targets.map((_, index) => readOrNone(statement.values[index], reading, at))
  const others = statement.values.slice(targets.length).map((value) => readOrNone(value, reading, at))
  const isShort = statement.values.length > 0 && statement.values.length < targets.length
  const given = isShort ? values.slice(0, statement.values.length) : [...values, ...others]
  return { type: 'assign', targets, values: given, at }
}

/** In place of what is missing after a mistake stands `none`, so that the rest of the statement is still looked at. */
function readOrNone(expression: ast.Expression | undefined, reading: Reading, at: Span): Expression {
  return readExpression(expression, reading) ?? { type: 'word', word: 'none', at }
}

function isCall({ type }: Expression): boolean {
  return type === 'call' || type === 'sync' || type === 'relationship' || type === 'search'
}

function readIf(statement: ast.If, reading: Reading, at: Span): If {
  const branches = statement.branches.map((branch) => ({
    condition: readOrNone(whole(branch.condition), reading, at),
    statements: readStatements(branch.statements, reading),
  }))
  return { type: 'if', branches, otherwise: readStatements(statement.else?.statements ?? [], reading), at }
}

function readLoop(statement: ast.For, reading: Reading, at: Span): Statement | undefined {
  const name = nameIn(statement, 'name', reading)
  const statements = readStatements(statement.statements, reading)
  if (name === undefined) return undefined
  if (statement.$type === 'ForEach') {
    const relationship = nameIn(statement, 'relationship', reading)
    return { type: 'forEach', relationship, name, statements, at }
  }
  const values = readOrNone(whole(statement.values), reading, at)
  return { type: 'forIn', name, values, statements, at }
}
