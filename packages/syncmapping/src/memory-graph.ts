/**
 * A source graph that lies in memory.
 *
 * @module
 */
import type { Graph, Step } from './graph.ts'
import type { Spec } from './tree/tree.ts'
import type { GraphNode, GraphRelationship } from './value/value.ts'

/** A relationship with its two ends. */
export interface Edge {
  readonly relationship: GraphRelationship
  readonly from: GraphNode
  readonly fromRole: string
  readonly to: GraphNode
  readonly toRole: string
}

interface Way {
  readonly step: Step
  readonly role: string
  readonly otherRole: string
}

export class MemoryGraph implements Graph {
  readonly #ways = new Map<GraphNode, Way[]>()

  /** @param edges In the order in which they are followed. */
  constructor(edges: Iterable<Edge>) {
    for (const { relationship, from, fromRole, to, toRole } of edges) {
      this.#add(from, { step: { relationship, node: to }, role: fromRole, otherRole: toRole })
      this.#add(to, { step: { relationship, node: from }, role: toRole, otherRole: fromRole })
    }
  }

  #add(node: GraphNode, way: Way): void {
    const ways = this.#ways.get(node)
    if (ways === undefined) this.#ways.set(node, [way])
    else ways.push(way)
  }

  follow(node: GraphNode, { role, relationship, otherRole, kind }: Spec): readonly Step[] {
    const found: Step[] = []
    for (const way of this.#ways.get(node) ?? []) {
      const { step } = way
      const isWanted =
        matches(role, way.role) &&
        matches(relationship, step.relationship.kind) &&
        matches(otherRole, way.otherRole) &&
        matches(kind, step.node.kind)
      if (isWanted) found.push(step)
    }
    return found
  }
}

function matches(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found
}
