/**
 * What a mapping block declares, as scopes.
 *
 * @module
 */
import type { Report } from '../diagnostic.ts'
import type { Group, Items, Name, SyncmappingTree, Traversal } from '../tree/tree.ts'
import type { Scope } from './program.ts'

export function scopeOf({ source, items, constants }: SyncmappingTree, report: Report): Scope {
  const taken = new Set(constants.map(({ name }) => name.text))
  const where = source.type === 'on' ? source.where : undefined
  const outer: Outer = { kind: 'mapping', name: source.name, where, parent: undefined, taken }
  return makeScope(outer, items, report)
}

interface Outer {
  readonly kind: Scope['kind']
  readonly name: Name
  readonly relationship?: Name | undefined
  readonly spec?: Scope['spec']
  readonly where: Scope['where']
  readonly parent: Scope | undefined
  /** Names of what is around it. */
  readonly taken: ReadonlySet<string>
}

function makeScope(outer: Outer, items: Items, report: Report, expand?: Group['expand']): Scope {
  const { kind, name, relationship, spec, where, parent } = outer
  const declared = [
    ...(relationship === undefined ? [] : [relationship]),
    name,
    ...items.targets.map((target) => target.name),
  ]
  const taken = new Set(outer.taken)
  for (const one of declared) claim(one, taken, report)
  const loops = new Map<string, Scope>()
  const groups = new Map<string, Scope>()
  const inner: string[] = []
  const targets = new Map(items.targets.map((target) => [target.name.text, target.className]))
  const scope = { kind, name, relationship, spec, where, parent, declared, targets, loops, groups, inner }
  for (const traversal of items.traversals)
    add(loops, traversed(traversal, scope, taken, report), taken, report)
  for (const group of items.groups) {
    const made = { kind: 'group', name: group.name, where: undefined, parent: scope, taken } as const
    add(groups, makeScope(made, group.items, report, group.expand), taken, report)
  }
  if (expand !== undefined) {
    const made = { kind: 'expansion', name: expand.name, where: undefined, parent: scope, taken } as const
    add(loops, makeScope(made, expand.items, report), taken, report)
  }
  inner.push(...targets.keys(), ...[...loops.values(), ...groups.values()].flatMap(namesIn))
  return scope
}

function traversed(traversal: Traversal, parent: Scope, taken: ReadonlySet<string>, report: Report): Scope {
  const { name, relationship, spec, where, items } = traversal
  return makeScope({ kind: 'traversal', name, relationship, spec, where, parent, taken }, items, report)
}

function add(scopes: Map<string, Scope>, scope: Scope, taken: ReadonlySet<string>, report: Report): void {
  if (scopes.has(scope.name.text) && !taken.has(scope.name.text)) reportRepeated(scope.name, report)
  if (!scopes.has(scope.name.text)) scopes.set(scope.name.text, scope)
}

function claim(name: Name, taken: Set<string>, report: Report): void {
  if (taken.has(name.text)) reportRepeated(name, report)
  taken.add(name.text)
}

function reportRepeated(name: Name, report: Report): void {
  report('NAME_REPEATED', name.at, `${name.text} is declared already.`, 'Give it another name.')
}

function namesIn({ name, relationship, inner, kind }: Scope): readonly string[] {
  const own = relationship === undefined ? [name.text] : [name.text, relationship.text]
  return kind === 'group' ? inner : [...own, ...inner]
}
