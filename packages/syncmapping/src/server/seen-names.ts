/**
 * Names that no module declares, as far as modules use them: kinds of nodes, their attributes, classes and theirs.
 *
 * @module
 */
import type { Way } from '../kind-model.ts'
import type { Occurrence } from './occurrence.ts'

/** By kind or class: attributes. */
type Attributes = ReadonlyMap<string, ReadonlySet<string>>

export interface SeenNames {
  readonly kinds: Attributes
  readonly classes: Attributes
  readonly relationshipClasses: ReadonlySet<string>
  readonly relationships: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
}

/** @param ways Those that are known of the source graph. */
export function seenIn(occurrences: readonly Occurrence[], ways: readonly Way[] = []): SeenNames {
  const kinds = new Map<string, Set<string>>()
  const classes = new Map<string, Set<string>>()
  const relationshipClasses = new Set<string>()
  const relationships = new Set(ways.map(({ relationship }) => relationship))
  const roles = new Set(ways.map(({ role }) => role))
  for (const { what, name } of occurrences) {
    if (what.type === 'kind') note(kinds, name.text)
    else if (what.type === 'role') roles.add(name.text)
    else if (what.type === 'relationship') relationships.add(name.text)
    else if (what.type === 'class') note(classes, name.text)
    else if (what.type === 'relationshipClass') relationshipClasses.add(name.text)
    else if (what.type === 'nodeAttribute') note(kinds, what.kind, name.text)
    else if (what.type === 'attribute') note(classes, what.className, name.text)
  }
  return { kinds, classes, relationshipClasses, relationships, roles }
}

export function joined(one: SeenNames, other: SeenNames): SeenNames {
  return {
    kinds: joinedAttributes(one.kinds, other.kinds),
    classes: joinedAttributes(one.classes, other.classes),
    relationshipClasses: both(one.relationshipClasses, other.relationshipClasses),
    relationships: both(one.relationships, other.relationships),
    roles: both(one.roles, other.roles),
  }
}

function both(one: Iterable<string>, other: Iterable<string>): ReadonlySet<string> {
  return new Set([...one, ...other])
}

function joinedAttributes(one: Attributes, other: Attributes): Attributes {
  const names = both(one.keys(), other.keys())
  return new Map([...names].map((name) => [name, both(one.get(name) ?? [], other.get(name) ?? [])]))
}

function note(into: Map<string, Set<string>>, name: string | undefined, attribute?: string): void {
  if (name === undefined) return
  const attributes = into.get(name) ?? new Set()
  into.set(name, attributes)
  if (attribute !== undefined) attributes.add(attribute)
}
