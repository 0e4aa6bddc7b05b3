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
      const identifier = readExpression(whole(statement.identifier), reading)
      const statements = readStatements(statement.statements, reading)
      return name && identifier && { type: 'group', name, identifier, statements, at }
    }
    case 'DataModelStatement': {
      const statements = readStatements(statement.statements, reading)
      return { type: 'datamodel', dataModels: dataModelsIn(statement, reading), statements, at }
    }
    case 'Jump':
      return whole(statement.kind) && { type: 'jump', kind: statement.kind, at }
    case 'Empty':
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
  const values = complete(statement.values.map((value) => readExpression(value, reading)))
  if (targets.length < statement.targets.length || values.length < statement.values.length) return undefined
  if (statement.assigns) {
    const misplaced = targets.find(({ type }) => type !== 'name' && type !== 'member' && type !== 'index')
    if (misplaced === undefined)
      return values.length === 0 ? undefined : { type: 'assign', targets, values, at }
    const assigned = propertySpan(statement, 'assigns', reading) ?? misplaced.at
    reading.report(
      'SYNTAX',
      assigned,
      'Nothing can be assigned to a call.',
      'Assign to a name, an attribute or an element.',
    )
    return undefined
  }
  const [call, other] = targets
  if (call === undefined) return undefined
  if (other === undefined && isCall(call)) return { type: 'call', call, at }
  const end = reading.places.span(at.offset + at.length - 1, 1)
  if (reading.text[end.offset] === ';') {
    reading.report(
      'SYNTAX',
      end,
      'Expected := or a call before this.',
      'A statement assigns something or calls a function.',
    )
  }
  return undefined
}

function isCall({ type }: Expression): boolean {
  return type === 'call' || type === 'sync' || type === 'relationship' || type === 'search'
}

function readIf(statement: ast.If, reading: Reading, at: Span): If {
  const branches = complete(
    statement.branches.map((branch) => {
      const condition = readExpression(whole(branch.condition), reading)
      const statements = readStatements(branch.statements, reading)
      return condition && { condition, statements }
    }),
  )
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
  const values = readExpression(whole(statement.values), reading)
  return values && { type: 'forIn', name, values, statements, at }
}
