/**
 * The source graph, as evaluation asks for it; and what is known of the target.
 *
 * @module
 */
import type { Spec } from './tree/tree.ts'
import type { CiIdentity, GraphNode, GraphRelationship } from './value/value.ts'

export interface Step {
  readonly relationship: GraphRelationship
  readonly node: GraphNode
}

/** Nodes and relationships. Whoever implements it may have fetched them for many roots at once. */
export interface Graph {
  /** What is reached from a node, in the order in which the source gives its relationships. Destroyed nodes are included. */
  follow(node: GraphNode, spec: Spec): readonly Step[]
}

/** The CIs that other roots have made. */
export interface Dataset {
  has(ci: CiIdentity): boolean
}
