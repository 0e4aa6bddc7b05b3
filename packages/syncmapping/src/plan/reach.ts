/**
 * How far a program looks into the source graph: from each kind of root, the traversals that its mappings, their extensions and
 * their expressions may make. Whoever fetches what these reach has all that an evaluation asks for, and nothing else needs to be read.
 *
 * @module
 */
import { toContainer, toHost } from '../functions/related-specs.ts'
import { inForce, type Mapping, type Program, type Scope } from '../link/program.ts'
import type { Expression, Spec, Statement } from '../tree/tree.ts'
import { allExpressions, withParts } from '../tree/walk.ts'
import { isInEffect, statementsInEffect } from './in-effect.ts'

export interface ReachStep {
  readonly spec: Spec
  /** From the nodes that it reaches. */
  readonly further: readonly ReachStep[]
}

/** By kind of root. */
export type Reach = ReadonlyMap<string, readonly ReachStep[]>

/** @param dataModel The one in effect, 0 to 6. Where clauses are left out: they can only make it less. */
export function reachOf({ mappings }: Program, dataModel: number): Reach {
  const roots = new Map<string, Position>()
  for (const mapping of mappings) {
    const { source } = mapping.tree
    if (source.type !== 'on' || !isInEffect(mapping, dataModel)) continue
    const root = roots.get(source.kind.text) ?? new Position()
    roots.set(source.kind.text, root)
    visitMapping(mapping, root, { dataModel, around: new Map() })
  }
  return new Map([...roots].map(([kind, position]) => [kind, position.steps()]))
}

/** Where an evaluation may stand: a root, or what one traversal after the other reaches from it. */
class Position {
  readonly #further = new Map<string, { readonly spec: Spec; readonly position: Position }>()

  step(spec: Spec): Position {
    const { role, relationship, otherRole, kind } = spec
    const name = JSON.stringify([role, relationship, otherRole, kind])
    const known = this.#further.get(name) ?? { spec, position: new Position() }
    this.#further.set(name, known)
    return known.position
  }

  steps(): readonly ReachStep[] {
    return [...this.#further.values()].map(({ spec, position }) => ({ spec, further: position.steps() }))
  }
}

type Variables = Map<string, readonly Position[]>

interface Visiting {
  readonly dataModel: number
  /** The variables of mappings on whose behalf this one runs. */
  readonly around: ReadonlyMap<Mapping, Variables>
}

function visitMapping(mapping: Mapping, position: Position, { dataModel, around }: Visiting): void {
  const variables: Variables = new Map()
  const known = new Map([...around, [mapping, variables]])
  const scopes = placeScopes(mapping.scope, position, variables)
  const body = new Body(mapping, known, statementsInEffect(mapping.tree.body, dataModel))
  body.lookThrough()
  for (const { scope, position: at } of scopes) body.lookAtWhere(scope.where, at)
  if (mapping.tree.source.type === 'on') body.lookAtWhere(mapping.tree.source.where, position)
  for (const { mapping: extending, where, at } of extensionsOf(mapping, variables)) {
    if (!isInEffect(extending, dataModel)) continue
    body.lookAtWhere(where, at)
    visitMapping(extending, at, { dataModel, around: known })
  }
}

/** Each at every position where its variable may stand. */
function extensionsOf({ extensions }: Mapping, variables: Variables) {
  return [...variables].flatMap(([variable, positions]) =>
    (extensions.get(variable) ?? []).flatMap((extension) => positions.map((at) => ({ ...extension, at }))),
  )
}

interface Placed {
  readonly scope: Scope
  readonly position: Position
}

/** The members of a group that is expanded are nodes of the traversal around it. */
function placeScopes(scope: Scope, position: Position, variables: Variables): readonly Placed[] {
  if (scope.kind !== 'group') variables.set(scope.name.text, [position])
  const inner = [...scope.loops.values()].flatMap((loop) =>
    placeScopes(loop, loop.spec === undefined ? position : position.step(loop.spec), variables),
  )
  const grouped = [...scope.groups.values()].flatMap((group) => placeScopes(group, position, variables))
  return [{ scope, position }, ...inner, ...grouped]
}

/** The expressions of a body, as far as they lead into the source graph. */
class Body {
  readonly #mapping: Mapping
  readonly #known: ReadonlyMap<Mapping, Variables>
  readonly #statements: readonly Statement[]
  readonly #assigned: ReadonlyMap<string, readonly Expression[]>
  readonly #resolving = new Set<string>()

  constructor(mapping: Mapping, known: ReadonlyMap<Mapping, Variables>, statements: readonly Statement[]) {
    this.#mapping = mapping
    this.#known = known
    this.#statements = statements
    this.#assigned = assignedIn(statements)
  }

  lookThrough(): void {
    for (const statement of this.#statements) for (const one of allExpressions(statement)) this.#reached(one)
    for (const { value } of this.#mapping.tree.constants) this.look(value)
  }

  /** @param node Where the node stands of which it asks something. */
  lookAtWhere(where: Expression | undefined, node: Position): void {
    if (where !== undefined) this.look(where, node)
  }

  look(expression: Expression, node?: Position): void {
    for (const part of withParts(expression)) this.#reached(part, node)
  }

  /** Where the nodes may stand that an expression gives. */
  #reached(expression: Expression, node?: Position): readonly Position[] {
    switch (expression.type) {
      case 'name':
        return this.#named(expression.name.text)
      case 'member':
        return this.#memberOf(expression.object, expression.member.text)
      case 'index':
        return this.#reached(expression.object, node)
      case 'binary':
        return [expression.left, expression.right].flatMap((one) => this.#reached(one, node))
      case 'list':
        return expression.items.flatMap((one) => this.#reached(one, node))
      case 'keyPath': {
        const { object, spec } = expression
        const from = object === undefined ? (node === undefined ? [] : [node]) : this.#reached(object, node)
        return from.map((one) => one.step(spec))
      }
      case 'call': {
        const [first] = expression.arguments
        const steps = relatedTo.get(expression.path.map(({ text }) => text).join('.'))
        if (steps === undefined || first === undefined) return []
        return this.#reached(first.value, node).flatMap(steps)
      }
      default:
        return []
    }
  }

  #named(name: string): readonly Position[] {
    const variable = this.#known.get(this.#mapping)?.get(name)
    if (variable !== undefined) return variable
    if (this.#resolving.has(name)) return []
    this.#resolving.add(name)
    const found = (this.#assigned.get(name) ?? []).flatMap((value) => this.#reached(value))
    this.#resolving.delete(name)
    return found
  }

  #memberOf(object: Expression, member: string): readonly Position[] {
    if (object.type !== 'name') return []
    const named = this.#mapping.module.names.get(object.name.text)
    return named?.type === 'mapping' ? (this.#known.get(inForce(named.mapping))?.get(member) ?? []) : []
  }
}

/** What local variables are given, elements of what is looped through included. */
function assignedIn(statements: readonly Statement[]): ReadonlyMap<string, readonly Expression[]> {
  const assigned = new Map<string, Expression[]>()
  const add = (name: string, value: Expression) => {
    const values = assigned.get(name) ?? []
    assigned.set(name, values)
    values.push(value)
  }
  for (const statement of statements) {
    if (statement.type === 'forIn') add(statement.name.text, statement.values)
    if (statement.type !== 'assign') continue
    for (const [index, target] of statement.targets.entries()) {
      const value = statement.values[index]
      if (target.type === 'name' && value !== undefined) add(target.name.text, value)
    }
  }
  return assigned
}

/** What functions look for by themselves (`functions/context-functions.ts`). */
const relatedTo: ReadonlyMap<string, (from: Position) => readonly Position[]> = new Map([
  ['related.detailContainer', (from: Position) => [from.step(toContainer)]],
  [
    'related.host',
    (from: Position) => {
      const container = from.step(toContainer)
      return [from, from.step(toHost), container, container.step(toHost)]
    },
  ],
])
