/**
 * The mapping that is being checked, and the place in its body.
 *
 * @module
 */
import type { Report } from '../diagnostic.ts'
import { allScopes, inForce, type Mapping, type Named, outwards, type Scope } from '../link/program.ts'
import type { Rules } from '../rules.ts'
import type { Expression, Name } from '../tree/tree.ts'

export interface Checking extends Rules {
  readonly mapping: Mapping
  readonly report: Report
  readonly observe: Observe
  /** Variables that the body assigns, and those of `for … in`, each with the first place. */
  readonly locals: ReadonlyMap<string, Name>
  /** By local variable: what it is a handle of wherever it is assigned; `undefined`: of several, or of no target. */
  readonly handles: ReadonlyMap<string, Handle | undefined>
  /** Names that are read somewhere, filled in. */
  readonly read: Set<string>
  /** Attributes that are written, filled in. */
  readonly writes: Write[]
}

/** The target of a mapping. */
export interface Handle {
  readonly mapping: Mapping
  readonly target: string
  readonly className: string
}

export interface Write {
  readonly handle: Handle
  readonly by: Mapping
  readonly attribute: Name
}

/** A place in a body. */
export interface Here {
  readonly scope: Scope
  /** Variables of the `for … in` around it. */
  readonly loopVariables: ReadonlySet<string>
  readonly isInLoop: boolean
}

/** What a name means at a place, and where that is declared. */
export type Meaning =
  /** A node or a relationship of the source graph, or a group. */
  | { readonly type: 'variable'; readonly scope: Scope; readonly declared: Name }
  | { readonly type: 'target'; readonly className: string; readonly declared: Name }
  | { readonly type: 'constant'; readonly declared: Name }
  | { readonly type: 'local'; readonly declared: Name }
  | { readonly type: 'named'; readonly named: Named }
  /** It is declared in a part of the mapping block that this place is not inside of. */
  | { readonly type: 'elsewhere'; readonly scope: Scope; readonly declared: Name }
  | { readonly type: 'unknown' }

/** What checks come by in a mapping. It is no mistake, but an editor wants to know it. */
export type Sighting =
  | { readonly type: 'name'; readonly name: Name; readonly meaning: Meaning }
  /** The `b` of `a.b`, and what `a` is. */
  | { readonly type: 'member'; readonly name: Name; readonly of: Meaning }
  | { readonly type: 'function'; readonly name: Name }
  | { readonly type: 'class' | 'relationshipClass'; readonly name: Name }
  /** Of the source graph. */
  | { readonly type: 'kind' | 'relationship' | 'role'; readonly name: Name }
  /** Of a CI. */
  | { readonly type: 'attribute'; readonly name: Name; readonly className: string }

export type Observe = (sighting: Sighting, mapping: Mapping) => void

export function meaningOf(name: string, here: Here, { mapping, locals }: Checking): Meaning {
  for (const scope of outwards(here.scope)) {
    const declared = declaredIn(scope, name)
    if (declared === undefined) continue
    const className = scope.targets.get(name)
    if (className !== undefined) return { type: 'target', className: className.text, declared }
    return { type: 'variable', scope, declared }
  }
  const constant = mapping.tree.constants.find((one) => one.name.text === name)
  if (constant !== undefined) return { type: 'constant', declared: constant.name }
  const local = locals.get(name)
  if (local !== undefined) return { type: 'local', declared: local }
  const named = mapping.module.names.get(name)
  if (named !== undefined) return { type: 'named', named }
  for (const scope of allScopes(mapping.scope)) {
    const declared = declaredIn(scope, name)
    if (declared !== undefined) return { type: 'elsewhere', scope, declared }
  }
  return { type: 'unknown' }
}

/** Where a scope declares a name that bodies read; that of a group is none. */
function declaredIn({ declared, kind, name: own }: Scope, name: string): Name | undefined {
  return declared.find((one) => one.text === name && (kind !== 'group' || one !== own))
}

/** The target whose CI an expression gives, where that can be told. */
export function handleOf(expression: Expression, here: Here, checking: Checking): Handle | undefined {
  if (expression.type === 'name') {
    const name = expression.name.text
    const meaning = meaningOf(name, here, checking)
    if (meaning.type === 'local') return checking.handles.get(name)
    if (meaning.type !== 'target') return undefined
    return { mapping: checking.mapping, target: name, className: meaning.className }
  }
  if (expression.type !== 'member' || expression.object.type !== 'name') return undefined
  const meaning = meaningOf(expression.object.name.text, here, checking)
  if (meaning.type !== 'named' || meaning.named.type !== 'mapping') return undefined
  return targetOf(inForce(meaning.named.mapping), expression.member.text)
}

function targetOf(mapping: Mapping, target: string): Handle | undefined {
  const className = allScopes(mapping.scope)
    .map(({ targets }) => targets.get(target))
    .find((found) => found !== undefined)
  return className && { mapping, target, className: className.text }
}

/** Every name that can be read at a place. */
export function namesAt(here: Here, { mapping, locals }: Checking): readonly string[] {
  return [
    ...outwards(here.scope).flatMap(({ targets, name, relationship }) => [
      ...targets.keys(),
      name.text,
      ...(relationship === undefined ? [] : [relationship.text]),
    ]),
    ...mapping.tree.constants.map(({ name }) => name.text),
    ...locals.keys(),
    ...mapping.module.names.keys(),
  ]
}
