/**
 * Names that no module declares, as far as modules use them: kinds of nodes, their attributes, classes and theirs.
 *
 * @module
 */
import { allScopes, type Program } from '../link/program.ts'
import type { Occurrence } from './occurrence.ts'

/** By kind or class: attributes. */
type Attributes = ReadonlyMap<string, ReadonlySet<string>>

export interface SeenNames {
  readonly kinds: Attributes
  readonly classes: Attributes
  readonly relationships: ReadonlySet<string>
}

export function seenIn(occurrences: readonly Occurrence[], { mappings }: Program): SeenNames {
  const kinds = new Map<string, Set<string>>()
  const classes = new Map<string, Set<string>>()
  const relationships = new Set<string>()
  for (const { spec } of mappings.flatMap(({ scope }) => allScopes(scope))) note(kinds, spec?.kind)
  for (const { what, name } of occurrences) {
    if (what.type === 'kind') note(kinds, name.text)
    else if (what.type === 'class') note(classes, name.text)
    else if (what.type === 'relationshipClass') relationships.add(name.text)
    else if (what.type === 'nodeAttribute') note(kinds, what.kind, name.text)
    else if (what.type === 'attribute') note(classes, what.className, name.text)
  }
  return { kinds, classes, relationships }
}

export function joined(one: SeenNames, other: SeenNames): SeenNames {
  return {
    kinds: joinedAttributes(one.kinds, other.kinds),
    classes: joinedAttributes(one.classes, other.classes),
    relationships: new Set([...one.relationships, ...other.relationships]),
  }
}

function joinedAttributes(one: Attributes, other: Attributes): Attributes {
  const names = new Set([...one.keys(), ...other.keys()])
  return new Map(
    [...names].map((name) => [name, new Set([...(one.get(name) ?? []), ...(other.get(name) ?? [])])]),
  )
}

function note(into: Map<string, Set<string>>, name: string | undefined, attribute?: string): void {
  if (name === undefined) return
  const attributes = into.get(name) ?? new Set()
  into.set(name, attributes)
  if (attribute !== undefined) attributes.add(attribute)
}
