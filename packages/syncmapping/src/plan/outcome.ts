/**
 * What a program can make: classes with the attributes that it sets, and relationship classes with theirs.
 *
 * @module
 */
import { inForce, type Mapping, type Program } from '../link/program.ts'
import type { Assignment, Expression, RelationshipCall, SyncCall } from '../tree/tree.ts'
import { isInEffect, statementsInEffect } from './in-effect.ts'

export interface Outcome {
  /** By class: the attributes that are set on CIs of it; whether roots may share them. */
  readonly classes: ReadonlyMap<
    string,
    { readonly attributes: ReadonlySet<string>; readonly isShared: boolean }
  >
  /** By class: the attributes of its relationships, those by which the data model says what impacts what included. */
  readonly relationships: ReadonlyMap<string, ReadonlySet<string>>
}

/** @param dataModel The one in effect, 0 to 6. */
export function outcomeOf({ mappings }: Program, dataModel: number): Outcome {
  const bodies = mappings
    .filter((mapping) => isInEffect(mapping, dataModel))
    .map((mapping) => ({ mapping, assignments: assignmentsOf(mapping, dataModel) }))
  const making = new Making(bodies)
  const relationships = new Map<string, Set<string>>()
  for (const { mapping } of bodies) {
    for (const statement of statementsInEffect(mapping.tree.body, dataModel)) {
      if (statement.type === 'call' && statement.call.type === 'relationship')
        addRelationship(relationships, statement.call, dataModel)
    }
  }
  return { classes: making.classes(), relationships }
}

/** `target := value`, one by one. */
interface Single {
  readonly target: Expression
  readonly value: Expression | undefined
}

interface Body {
  readonly mapping: Mapping
  readonly assignments: readonly Single[]
}

function assignmentsOf({ tree }: Mapping, dataModel: number): readonly Single[] {
  return statementsInEffect(tree.body, dataModel)
    .filter((statement): statement is Assignment => statement.type === 'assign')
    .flatMap(({ targets, values }) => targets.map((target, index) => ({ target, value: values[index] })))
}

const identifying: ReadonlySet<string> = new Set(['key', 'namespace'])

interface Made {
  readonly attributes: Set<string>
  isShared: boolean
}

function addCall(found: Map<string, Made>, { className, kind, arguments: given }: SyncCall): void {
  const made = found.get(className.text) ?? { attributes: new Set(), isShared: false }
  found.set(className.text, made)
  if (kind === 'shared') made.isShared = true
  for (const { name } of given)
    if (name !== undefined && !identifying.has(name.text)) made.attributes.add(name.text)
}

/** The CIs of a program, by the mapping and the name to which they are assigned. */
class Making {
  readonly #bodies: readonly Body[]
  readonly #calls: ReadonlyMap<Mapping, ReadonlyMap<string, readonly SyncCall[]>>

  constructor(bodies: readonly Body[]) {
    this.#bodies = bodies
    this.#calls = new Map(bodies.map(({ mapping, assignments }) => [mapping, syncCalls(assignments)]))
  }

  classes(): Outcome['classes'] {
    const found = new Map<string, Made>()
    const calls = [...this.#calls.values()].flatMap((byName) => [...byName.values()].flat())
    for (const call of calls) addCall(found, call)
    for (const { mapping, assignments } of this.#bodies) {
      for (const { object, name } of assignments.flatMap(({ target }) => attributeSet(target))) {
        for (const { className } of this.#madeAs(object, mapping, new Set()))
          found.get(className.text)?.attributes.add(name)
      }
    }
    return found
  }

  /** The calls whose CIs an expression may give. */
  #madeAs(expression: Expression, mapping: Mapping, seen: Set<string>): readonly SyncCall[] {
    if (expression.type === 'binary') {
      return [expression.left, expression.right].flatMap((one) => this.#madeAs(one, mapping, seen))
    }
    if (expression.type === 'member' && expression.object.type === 'name') {
      const named = mapping.module.names.get(expression.object.name.text)
      if (named?.type !== 'mapping') return []
      const name = expression.member
      return this.#madeAs({ type: 'name', name, at: name.at }, inForce(named.mapping), seen)
    }
    if (expression.type !== 'name') return []
    const { text } = expression.name
    const visited = `${mapping.tree.name.text}.${text}`
    if (seen.has(visited)) return []
    seen.add(visited)
    const assigned = this.#bodies.find((body) => body.mapping === mapping)?.assignments ?? []
    const handedOn = assigned.filter(({ target }) => target.type === 'name' && target.name.text === text)
    return [
      ...(this.#calls.get(mapping)?.get(text) ?? []),
      ...handedOn.flatMap(({ value }) => (value === undefined ? [] : this.#madeAs(value, mapping, seen))),
    ]
  }
}

/** By the name that is assigned. A reference specifies nothing. */
function syncCalls(assignments: readonly Single[]): ReadonlyMap<string, readonly SyncCall[]> {
  const byName = new Map<string, SyncCall[]>()
  for (const { target, value } of assignments) {
    if (value?.type !== 'sync' || value.kind === 'external' || value.kind === 'crossref') continue
    const name = target.type === 'name' ? target.name.text : ''
    const calls = byName.get(name) ?? []
    byName.set(name, calls)
    calls.push(value)
  }
  return byName
}

interface SetAttribute {
  readonly object: Expression
  readonly name: string
}

/** `ci.Name := …`, `ci["Name"] := …`: one, or none. */
function attributeSet(target: Expression): readonly SetAttribute[] {
  if (target.type === 'member') return [{ object: target.object, name: target.member.text }]
  if (target.type !== 'index' || target.index.type !== 'text') return []
  const [name] = target.index.parts
  return typeof name === 'string' ? [{ object: target.object, name }] : []
}

const ends: ReadonlySet<string> = new Set(['Source', 'Destination', 'Impacted', 'ImpactWeight', 'namespace'])

/** Data models in which what impacts what is a relationship of its own. */
const withImpactRelationship: ReadonlySet<number> = new Set([2, 3, 5])

function addRelationship(
  relationships: Map<string, Set<string>>,
  { className, arguments: given }: RelationshipCall,
  dataModel: number,
): void {
  const add = (name: string, attributes: readonly string[]) => {
    const known = relationships.get(name) ?? new Set()
    relationships.set(name, known)
    for (const attribute of attributes) known.add(attribute)
  }
  const named = given.flatMap(({ name }) => (name === undefined ? [] : [name.text]))
  add(
    className.text,
    named.filter((name) => !ends.has(name)),
  )
  const impact = named.includes('Impacted')
  if (dataModel === 6) {
    add(className.text, impact ? ['HasImpact', 'ImpactDirection', 'ImpactWeight'] : ['HasImpact'])
  } else if (impact && withImpactRelationship.has(dataModel)) add('BMC_Impact', ['Name', 'ImpactWeight'])
}
