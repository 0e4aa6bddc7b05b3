/**
 * Bodies and their statements.
 *
 * @module
 */

import type { Span } from '../diagnostic.ts'
import { itemsOf } from '../functions/built-in.ts'
import type { Extension, Mapping, Scope } from '../link/program.ts'
import { isInEffect } from '../plan/in-effect.ts'
import { RootFailedError } from '../root-failed-error.ts'
import type { Assignment, Expression, ForEach, ForIn, GroupStatement, Statement } from '../tree/tree.ts'
import { tableKey } from '../value/compare.ts'
import {
  Ci,
  type GraphNode,
  type GraphRelationship,
  isTrue,
  nothing,
  Table,
  typeName,
  type Value,
} from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { evaluate } from './evaluate-expression.ts'
import { passes } from './evaluate-where.ts'
import { assignAttribute, executeRelationship, executeSync } from './execute-sync.ts'
import type { Filed, Filing, Frame } from './frame.ts'
import { failedAt, located, placeOf, type Run } from './run.ts'

/** How a list of statements ended. */
type Ending = 'done' | 'break' | 'continue' | 'stop'

/** Runs a body for a node, and after it the mappings that extend its source variable. */
export function runBody(mapping: Mapping, node: GraphNode, run: Run): Frame {
  const filing: Filing = new Map()
  const frame = frameOf(mapping, node, { path: new Map(), filing })
  execute(mapping.tree.body, frame, run)
  makeGroups(filing, run)
  runExtensions(mapping.scope.name.text, frame, run)
  // Those of extensions.
  makeGroups(filing, run)
  return frame
}

function frameOf(mapping: Mapping, node: GraphNode, around: Pick<Frame, 'path' | 'filing'>): Frame {
  const { scope, module } = mapping
  return { ...around, mapping, module, names: new Map([[scope.name.text, node]]), scope, node, members: [] }
}

/** Those of a variable, with the node that it holds now. */
function runExtensions(variable: string, frame: Frame, run: Run): void {
  if (run.isDeletion) return
  for (const extension of frame.mapping.extensions.get(variable) ?? []) runExtension(extension, frame, run)
}

function runExtension({ mapping, where }: Extension, frame: Frame, run: Run): void {
  if (!isInEffect(mapping, run.surroundings.dataModel)) return
  const path = new Map([...frame.path, [frame.mapping, frame]])
  const extending = frameOf(mapping, frame.node, { path, filing: frame.filing })
  if (!passes(frame.node, where, extending, run)) return
  run.surroundings.trace?.({
    mapping: mapping.tree.name.text,
    place: placeOf(mapping, mapping.tree.name.at),
    what: `extends ${frame.mapping.tree.name.text} for ${textOf(frame.node)}`,
  })
  execute(mapping.tree.body, extending, run)
  runExtensions(mapping.scope.name.text, extending, run)
}

function execute(statements: readonly Statement[], frame: Frame, run: Run): Ending {
  for (const statement of statements) {
    // As `located`, which would make a function for each statement of each node.
    try {
      const ending = executeOne(statement, frame, run)
      if (ending !== 'done') return ending
    } catch (error) {
      throw failedAt(error, frame.mapping, statement.at)
    }
  }
  return 'done'
}

function executeOne(statement: Statement, frame: Frame, run: Run): Ending {
  switch (statement.type) {
    case 'assign':
      assign(statement, frame, run)
      return 'done'
    case 'call':
      if (statement.call.type === 'relationship') executeRelationship(statement.call, frame, run)
      else evaluate(statement.call, frame, run)
      return 'done'
    case 'if': {
      const branch = statement.branches.find(({ condition }) => isTrue(evaluate(condition, frame, run)))
      return execute(branch?.statements ?? statement.otherwise, frame, run)
    }
    case 'forEach':
      return forEach(statement, frame, run)
    case 'forIn':
      return forIn(statement, frame, run)
    case 'group':
      file(statement, frame, run)
      return 'done'
    case 'datamodel': {
      const isInEffect = statement.dataModels.some(({ number }) => number === run.surroundings.dataModel)
      return isInEffect ? execute(statement.statements, frame, run) : 'done'
    }
    case 'jump':
      return statement.kind
  }
}

/** All values are there before any is assigned. */
function assign({ targets, values }: Assignment, frame: Frame, run: Run): void {
  const found = values.map((value, index) => valueFor(targets[index], value, frame, run))
  for (const [index, target] of targets.entries()) assignTo(target, found[index] ?? null, frame, run)
}

function valueFor(target: Expression | undefined, value: Expression, frame: Frame, run: Run): Value {
  if (value.type !== 'sync') return evaluate(value, frame, run)
  return executeSync(value, target?.type === 'name' ? target.name.text : '', frame, run)
}

function assignTo(target: Expression, value: Value, frame: Frame, run: Run): void {
  if (target.type === 'name') {
    frame.names.set(target.name.text, value)
    if (!(value instanceof Ci)) trace(() => `${target.name.text} := ${textOf(value)}`, target.at, frame, run)
  } else if (target.type === 'member') {
    assignAttribute(evaluate(target.object, frame, run), target.member, value, frame, run)
  } else if (target.type === 'index') assignElement(target, value, frame, run)
}

function assignElement(
  target: Extract<Expression, { type: 'index' }>,
  value: Value,
  frame: Frame,
  run: Run,
): void {
  const object = evaluate(target.object, frame, run)
  const index = evaluate(target.index, frame, run)
  if (object instanceof Table) {
    const key = located(frame.mapping, target.index.at, () => tableKey(index))
    if (value === nothing) object.delete(key)
    else object.set(key, value)
  } else if (Array.isArray(object))
    located(frame.mapping, target.index.at, () => replace(object, index, value))
  else assignAttribute(object, { text: textOf(index), at: target.index.at }, value, frame, run)
}

function replace(list: Value[], index: Value, value: Value): void {
  const position = typeof index === 'number' && index < 0 ? list.length + index : index
  if (typeof position !== 'number' || !(position in list)) {
    throw new RootFailedError('MISSING_ELEMENT', `There is no element ${textOf(index)} among ${list.length}.`)
  }
  list[position] = value
}

/** `what` is only made where somebody listens. */
function trace(what: () => string, at: Span, { mapping }: Frame, { surroundings }: Run): void {
  surroundings.trace?.({ mapping: mapping.tree.name.text, place: placeOf(mapping, at), what: what() })
}

interface Visited {
  readonly node: GraphNode
  readonly relationship: GraphRelationship | undefined
}

function forEach({ name, statements }: ForEach, outer: Frame, run: Run): Ending {
  const scope = outer.scope.loops.get(name.text)
  if (scope === undefined) return 'done'
  const filing: Filing = new Map()
  let ending: Ending = 'done'
  for (const visited of visitedBy(scope, outer, run)) {
    const frame = { ...outer, scope, node: visited.node, filing }
    forget(scope, frame)
    trace(() => `for each ${name.text}: ${textOf(visited.node)}`, name.at, outer, run)
    frame.names.set(scope.name.text, visited.node)
    if (scope.relationship !== undefined)
      frame.names.set(scope.relationship.text, visited.relationship ?? null)
    ending = execute(statements, frame, run)
    if (ending === 'stop') break
    runExtensions(scope.name.text, frame, run)
    if (ending === 'break') break
  }
  if (ending !== 'stop') makeGroups(filing, run)
  forget(scope, outer)
  return ending === 'stop' ? 'stop' : 'done'
}

/** Members of the group where it is expanded; else what the traversal reaches. */
function visitedBy(scope: Scope, frame: Frame, run: Run): readonly Visited[] {
  if (scope.kind === 'expansion') return frame.members.map((node) => ({ node, relationship: undefined }))
  if (scope.spec === undefined) return []
  return run.surroundings.graph
    .follow(frame.node, scope.spec)
    .filter(({ node }) => !node.isDestroyed && passes(node, scope.where, frame, run))
}

/** What is declared inside of a loop is unset where it begins, and not known after it. */
function forget(scope: Scope, { names }: Frame): void {
  for (const name of scope.inner) names.delete(name)
  names.delete(scope.name.text)
  if (scope.relationship !== undefined) names.delete(scope.relationship.text)
}

function forIn({ name, values, statements }: ForIn, frame: Frame, run: Run): Ending {
  const value = evaluate(values, frame, run)
  const items = located(frame.mapping, values.at, () => [...itemsOf(value)])
  for (const item of items) {
    frame.names.set(name.text, item)
    const ending = execute(statements, frame, run)
    if (ending === 'stop') return ending
    if (ending === 'break') break
  }
  return 'done'
}

/** First phase: the node is filed, and the block waits. */
function file(statement: GroupStatement, frame: Frame, run: Run): void {
  const identifier = evaluate(statement.identifier, frame, run)
  const groups = frame.filing.get(statement) ?? new Map<string, Filed>()
  frame.filing.set(statement, groups)
  const name = `${typeName(identifier)} ${textOf(identifier)}`
  const group = groups.get(name) ?? { frame: { ...frame, names: new Map(frame.names) }, members: [] }
  group.members.push(frame.node)
  groups.set(name, group)
}

/** Second phase: each block runs once for each group, as its first member left things. */
function makeGroups(filing: Filing, run: Run): void {
  const filed = [...filing]
  filing.clear()
  for (const [statement, groups] of filed) {
    for (const { frame, members } of groups.values()) {
      const inner: Filing = new Map()
      const scope = frame.scope.groups.get(statement.name.text)
      if (scope === undefined) continue
      trace(
        () => `group ${statement.name.text}: ${members.map(textOf).join(' ')}`,
        statement.name.at,
        frame,
        run,
      )
      execute(statement.statements, { ...frame, scope, members, filing: inner }, run)
      makeGroups(inner, run)
    }
  }
}
