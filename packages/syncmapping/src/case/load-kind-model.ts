/**
 * A kind model document, or a graph of which one is wanted → a kind model.
 *
 * @module
 */
import type { KindModel, NodeKind, Way } from '../kind-model.ts'
import type { GraphDocument, KindModelDocument } from './documents.ts'

export function loadKindModel({ kinds, rels }: KindModelDocument): KindModel {
  return {
    kinds: new Map(
      Object.entries(kinds).map(([name, { attrs }]): [string, NodeKind] => [
        name,
        { attributes: attrs ? new Set(attrs) : undefined },
      ]),
    ),
    ways: rels?.flatMap((one) => waysOf(one)),
  }
}

/** What its nodes and relationships are, as far as there are any. */
export function kindModelOf({ nodes, rels }: GraphDocument): KindModel {
  const attributes = new Map<string, Set<string>>()
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]))
  for (const { kind, attrs } of nodes) {
    const known = attributes.get(kind) ?? new Set()
    attributes.set(kind, known)
    for (const name of Object.keys(attrs)) known.add(name)
  }
  const ways = new Map<string, Way>()
  for (const { kind, from, fromRole, to, toRole } of rels) {
    const ends = { from: kindOf.get(from) ?? '', fromRole, kind, toRole, to: kindOf.get(to) ?? '' }
    for (const way of waysOf(ends)) ways.set(JSON.stringify(way), way)
  }
  const kinds = new Map([...attributes].map(([kind, names]) => [kind, { attributes: names }]))
  return { kinds, ways: [...ways.values()] }
}

type Related = NonNullable<KindModelDocument['rels']>[number]

function waysOf({ from, fromRole, kind: relationship, toRole, to }: Related): readonly Way[] {
  return [
    { from, role: fromRole, relationship, otherRole: toRole, kind: to },
    { from: to, role: toRole, relationship, otherRole: fromRole, kind: from },
  ]
}
