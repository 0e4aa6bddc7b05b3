/**
 * One mapping: its block, its constants, its body.
 *
 * @module
 */
import type { Report } from '../diagnostic.ts'
import { kindOf } from '../link/node-kind.ts'
import { allScopes, type Mapping, type Scope } from '../link/program.ts'
import type { Rules } from '../rules.ts'
import type { Expression, Name, Statement } from '../tree/tree.ts'
import { allStatements, partsOf } from '../tree/walk.ts'
import { checkDataModels } from './check-data-models.ts'
import { checkExpression } from './check-expression.ts'
import { checkKind, checkSpec } from './check-source.ts'
import { checkStatements } from './check-statements.ts'
import { checkWhere } from './check-where.ts'
import { type Checking, type Handle, type Here, handleOf, type Observe, type Write } from './checking.ts'

export interface Checked {
  readonly writes: readonly Write[]
  /** Every name that the mapping reads. */
  readonly read: ReadonlySet<string>
}

export function checkMapping(mapping: Mapping, rules: Rules, report: Report, observe: Observe): Checked {
  const checking = checkingOf(mapping, rules, report, observe)
  const { tree, scope } = mapping
  const here: Here = { scope, loopVariables: new Set(), isInLoop: false }
  checkDataModels(tree.overview.dataModels ?? [], report)
  checkConstants(here, checking)
  for (const one of allScopes(scope)) checkScope(one, checking)
  if (tree.source.type === 'on') checkKind(tree.source.kind, checking)
  else {
    for (const { where } of tree.source.extended) if (where !== undefined) checkWhere(where, here, checking)
  }
  checkStatements(tree.body, here, checking)
  reportUnused(checking)
  return checking
}

/** What is known of a mapping before any place of it is looked at. */
export function checkingOf(mapping: Mapping, rules: Rules, report: Report, observe: Observe): Checking {
  const handles = new Map<string, Handle | undefined>()
  const found = { locals: assignedNames(mapping), handles, read: new Set<string>(), writes: [] }
  const checking: Checking = { ...rules, mapping, report, observe, ...found }
  for (const [name, handle] of handlesOf(checking)) handles.set(name, handle)
  return checking
}

/** Constants are made of literals and of constants before them. */
function checkConstants(here: Here, checking: Checking): void {
  const { constants } = checking.mapping.tree
  for (const [index, { value }] of constants.entries()) {
    const earlier = new Set(constants.slice(0, index).map(({ name }) => name.text))
    const changing = changingPart(value, earlier, checking)
    if (changing === undefined) checkExpression(value, here, checking)
    else {
      const message = 'A constant is made of literals and of constants before it.'
      checking.report('CONSTANT_NOT_CONSTANT', changing.at, message, 'Make it a variable of the body.')
    }
  }
}

function changingPart(
  value: Expression,
  earlier: ReadonlySet<string>,
  checking: Checking,
): Expression | undefined {
  const isOf = (name: Name) => earlier.has(name.text) || checking.mapping.module.names.has(name.text)
  if (value.type === 'name') return isOf(value.name) ? undefined : value
  if (value.type === 'call' || value.type === 'sync' || value.type === 'relationship') return value
  if (value.type === 'text') {
    return value.parts.every((part) => typeof part === 'string' || isOf(part.path[0])) ? undefined : value
  }
  return partsOf(value)
    .map((part) => changingPart(part, earlier, checking))
    .find((found) => found !== undefined)
}

function checkScope(scope: Scope, checking: Checking): void {
  const isTopOfRoot = scope.parent === undefined && checking.mapping.tree.source.type === 'on'
  for (const group of scope.groups.values()) {
    if (!isTopOfRoot) continue
    const message = 'A group gathers nodes of a traversal, and is declared inside of one.'
    checking.report('GROUP_NESTING', group.name.at, message)
  }
  if (scope.spec !== undefined && scope.parent !== undefined) {
    checkSpec(scope.spec, kindOf(scope.parent, checking.mapping), checking)
  }
  if (scope.where !== undefined) {
    checkWhere(scope.where, { scope, loopVariables: new Set(), isInLoop: false }, checking)
  }
}

/** Names that the body gives a value and the mapping block does not declare, each with the first place. */
function assignedNames({ tree, scope }: Mapping): ReadonlyMap<string, Name> {
  const declared = new Set([scope.name.text, ...scope.inner, ...tree.constants.map(({ name }) => name.text)])
  const names = new Map<string, Name>()
  for (const statement of allStatements(tree.body)) {
    for (const name of namesSetBy(statement)) {
      if (!declared.has(name.text) && !names.has(name.text)) names.set(name.text, name)
    }
  }
  return names
}

function namesSetBy(statement: Statement): readonly Name[] {
  if (statement.type === 'forIn') return [statement.name]
  if (statement.type !== 'assign') return []
  return statement.targets.flatMap((target, index) =>
    target.type === 'name' && statement.values[index]?.type !== 'sync' ? [target.name] : [],
  )
}

/** What local variables are handles of; one that is assigned different things is of none. */
function handlesOf(checking: Checking): ReadonlyMap<string, Handle | undefined> {
  const found = new Map<string, Handle | undefined>()
  const { scope, tree } = checking.mapping
  const here: Here = { scope, loopVariables: new Set(), isInLoop: false }
  for (const statement of allStatements(tree.body)) {
    if (statement.type !== 'assign') continue
    for (const [index, target] of statement.targets.entries()) {
      const value = statement.values[index]
      if (target.type !== 'name' || value === undefined) continue
      const handle = handleOf(value, here, checking)
      const isFirst = !found.has(target.name.text)
      found.set(target.name.text, isFirst ? handle : undefined)
    }
  }
  return found
}

function reportUnused({ mapping, locals, read, report }: Checking): void {
  for (const [text, { at }] of locals) {
    if (!read.has(text)) report('VARIABLE_UNUSED', at, `${text} is given a value that nothing reads.`)
  }
  const statements = allStatements(mapping.tree.body)
  const set = new Set(
    statements
      .flatMap((one) => (one.type === 'assign' ? one.targets : []))
      .map((target) => (target.type === 'name' ? target.name.text : '')),
  )
  const looped = new Set(statements.map((one) => (one.type === 'forEach' ? one.name.text : '')))
  for (const scope of allScopes(mapping.scope)) {
    for (const [target, className] of scope.targets) {
      if (!set.has(target)) report('TARGET_UNUSED', className.at, `The body never assigns ${target}.`)
    }
    if (scope.parent !== undefined && scope.kind !== 'group' && !looped.has(scope.name.text)) {
      const message = `The body has no "for each ${scope.name.text}", so it has no effect.`
      report('FOR_EACH_MISSING', scope.name.at, message)
    }
  }
}
