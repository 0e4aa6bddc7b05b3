/**
 * Statements of a body.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { Scope } from '../link/program.ts'
import { allScopes } from '../link/program.ts'
import type { Assignment, Expression, ForEach, ForIn, GroupStatement, Name, Statement } from '../tree/tree.ts'
import { checkDataModels } from './check-data-models.ts'
import { checkExpression, checkParts } from './check-expression.ts'
import { checkAssignedSync, checkAttribute, noteWrite } from './check-sync.ts'
import { type Checking, type Here, handleOf, meaningOf } from './checking.ts'

export function checkStatements(statements: readonly Statement[], here: Here, checking: Checking): void {
  for (const statement of statements) checkStatement(statement, here, checking)
}

function checkStatement(statement: Statement, here: Here, checking: Checking): void {
  switch (statement.type) {
    case 'assign':
      checkAssignment(statement, here, checking)
      break
    case 'call':
      checkExpression(statement.call, here, checking)
      break
    case 'if':
      for (const { condition, statements } of statement.branches) {
        checkExpression(condition, here, checking)
        checkStatements(statements, here, checking)
      }
      checkStatements(statement.otherwise, here, checking)
      break
    case 'forEach':
      checkForEach(statement, here, checking)
      break
    case 'forIn':
      checkForIn(statement, here, checking)
      break
    case 'group':
      checkGroup(statement, here, checking)
      break
    case 'datamodel':
      checkDataModels(statement.dataModels, checking.report)
      checkStatements(statement.statements, here, checking)
      break
    case 'jump':
      if (statement.kind !== 'stop' && !here.isInLoop) {
        const message = `There is no loop around this ${statement.kind}.`
        checking.report('JUMP_OUTSIDE_LOOP', statement.at, message, 'To end the body, write "stop;".')
      }
  }
}

function checkAssignment({ targets, values, at }: Assignment, here: Here, checking: Checking): void {
  if (targets.length !== values.length) {
    const message = `${targets.length} names are assigned ${values.length} values.`
    checking.report('ASSIGN_COUNT', at, message, 'Only functions of patterns give several values.')
  }
  for (const [index, target] of targets.entries()) checkTarget(target, values[index], here, checking)
  for (const [index, value] of values.entries()) {
    const target = targets[index]
    if (value.type === 'sync' && target !== undefined) {
      checkAssignedSync(target, value, here, checking)
      checkParts(value, here, checking)
    } else checkExpression(value, here, checking)
  }
}

function checkTarget(
  target: Expression,
  value: Expression | undefined,
  here: Here,
  checking: Checking,
): void {
  if (target.type === 'name') {
    observeName(target.name, here, checking)
    if (value?.type !== 'sync') checkAssignable(target.name, here, checking)
    else checkNotConstant(target.name, here, checking)
    return
  }
  checkParts(target, here, checking)
  if (target.type === 'member') {
    checkAttributeTarget(target.object, target.member, here, checking)
    return
  }
  if (target.type === 'index' && target.object.type === 'name')
    checkNotSource(target.object.name, here, checking)
}

function observeName(name: Name, here: Here, checking: Checking): void {
  checking.observe({ type: 'name', name, meaning: meaningOf(name.text, here, checking) }, checking.mapping)
}

/** The name of a traversal, its relationship or a group, at the statement that goes through it. */
function observeScope(name: Name, scope: Scope, { observe, mapping }: Checking): void {
  const declared = scope.declared.find(({ text }) => text === name.text)
  if (declared !== undefined)
    observe({ type: 'name', name, meaning: { type: 'variable', scope, declared } }, mapping)
}

function checkNotConstant(name: Name, here: Here, checking: Checking): void {
  if (meaningOf(name.text, here, checking).type !== 'constant') return
  const message = `${name.text} is a constant.`
  checking.report('ASSIGN_TO_CONSTANT', name.at, message, 'Assign to a variable of another name.')
}

function checkAssignable(name: Name, here: Here, checking: Checking): void {
  checkNotConstant(name, here, checking)
  checkNotSource(name, here, checking)
  const meaning = meaningOf(name.text, here, checking)
  if (meaning.type === 'local' && here.loopVariables.has(name.text)) {
    const message = `${name.text} is the variable of a loop, which only the loop sets.`
    checking.report('ASSIGN_TO_LOOP_VARIABLE', name.at, message, 'Assign to a variable of another name.')
  }
}

/** Nodes of the source graph are only read. */
function checkNotSource(name: Name, here: Here, checking: Checking): void {
  if (meaningOf(name.text, here, checking).type !== 'variable') return
  const message = `${name.text} is of the source graph, which a syncmapping only reads.`
  checking.report(
    'ASSIGN_TO_SOURCE',
    name.at,
    message,
    'Assign to a variable, or to an attribute of a target.',
  )
}

function checkAttributeTarget(object: Expression, attribute: Name, here: Here, checking: Checking): void {
  if (object.type === 'name') {
    checkNotSource(object.name, here, checking)
    const meaning = meaningOf(object.name.text, here, checking)
    if (meaning.type === 'named') {
      const message = `${attribute.text} belongs to ${object.name.text}, whose names only it sets.`
      checking.report('ASSIGN_TO_SOURCE', attribute.at, message, 'Assign to an attribute of its target.')
    }
  }
  const handle = handleOf(object, here, checking)
  if (handle === undefined) return
  checkAttribute(handle.className, attribute, checking)
  noteWrite(handle, attribute, checking)
}

function checkForEach(loop: ForEach, here: Here, checking: Checking): void {
  const { name, relationship, statements } = loop
  const scope = here.scope.loops.get(name.text)
  const elsewhere = scope ?? loopNamed(name.text, checking)
  if (elsewhere === undefined) {
    const known = allScopes(checking.mapping.scope).flatMap(({ loops }) => [...loops.keys()])
    const remedy = suggestion(name.text, known) ?? 'Declare "traverse … as NAME" in the mapping block.'
    checking.report(
      'FOR_EACH_UNDECLARED',
      name.at,
      `The mapping block declares no traversal ${name.text}.`,
      remedy,
    )
    return
  }
  observeScope(name, elsewhere, checking)
  if (relationship !== undefined) observeScope(relationship, elsewhere, checking)
  if (scope === undefined) {
    const outer = placeOf(elsewhere.parent)
    checking.report(
      'FOR_EACH_NESTING',
      name.at,
      `${name.text} is declared inside of ${outer}, and is gone through there.`,
    )
  }
  if (relationship !== undefined && elsewhere.relationship?.text !== relationship.text) {
    checking.report(
      'FOR_EACH_UNDECLARED',
      relationship.at,
      `The traversal ${name.text} names no relationship ${relationship.text}.`,
    )
  }
  checkStatements(statements, { ...here, scope: elsewhere, isInLoop: true }, checking)
}

function loopNamed(name: string, { mapping }: Checking): Scope | undefined {
  return allScopes(mapping.scope).find(
    ({ kind, name: own }) => own.text === name && kind !== 'group' && kind !== 'mapping',
  )
}

function placeOf(scope: Scope | undefined): string {
  if (scope === undefined || scope.kind === 'mapping') return 'the body itself'
  return scope.kind === 'group' ? `"group ${scope.name.text}"` : `"for each ${scope.name.text}"`
}

function checkForIn({ name, values, statements }: ForIn, here: Here, checking: Checking): void {
  observeName(name, here, checking)
  checkNotConstant(name, here, checking)
  checkNotSource(name, here, checking)
  checkExpression(values, here, checking)
  const loopVariables = new Set([...here.loopVariables, name.text])
  checkStatements(statements, { ...here, loopVariables, isInLoop: true }, checking)
}

function checkGroup({ name, identifier, statements }: GroupStatement, here: Here, checking: Checking): void {
  checkExpression(identifier, here, checking)
  const scope = here.scope.groups.get(name.text)
  const elsewhere = scope ?? groupNamed(name.text, checking)
  if (elsewhere === undefined) {
    const known = allScopes(checking.mapping.scope).flatMap(({ groups }) => [...groups.keys()])
    const remedy =
      suggestion(name.text, known) ?? 'Declare "group NAME … end group;" inside of a traverse block.'
    checking.report('GROUP_UNDECLARED', name.at, `The mapping block declares no group ${name.text}.`, remedy)
    return
  }
  observeScope(name, elsewhere, checking)
  if (scope === undefined) {
    const outer = placeOf(elsewhere.parent)
    checking.report(
      'GROUP_NESTING',
      name.at,
      `The group ${name.text} is declared inside of ${outer}, and is made there.`,
    )
  }
  checkStatements(statements, { ...here, scope: elsewhere }, checking)
}

function groupNamed(name: string, { mapping }: Checking): Scope | undefined {
  return allScopes(mapping.scope).find(({ kind, name: own }) => kind === 'group' && own.text === name)
}
