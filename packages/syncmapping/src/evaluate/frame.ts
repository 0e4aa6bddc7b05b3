/**
 * What a body knows while it runs.
 *
 * @module
 */
import type { LinkedModule, Mapping, Scope } from '../link/program.ts'
import type { GroupStatement } from '../tree/tree.ts'
import type { GraphNode, Value } from '../value/value.ts'

export interface Frame {
  readonly mapping: Mapping
  readonly module: LinkedModule
  /** Source variables, targets and variables of the body, by name. */
  readonly names: Map<string, Value>
  /** The bodies on whose behalf this one runs, by mapping. */
  readonly path: ReadonlyMap<Mapping, Frame>
  readonly scope: Scope
  /** The node from which traversals go. */
  readonly node: GraphNode
  /** Where nodes that reach a group block are filed. */
  readonly filing: Filing
  /** Inside of a group block: the nodes that an expansion goes through. */
  readonly members: readonly GraphNode[]
}

/** By block, and by what it identifies groups with. */
export type Filing = Map<GroupStatement, Map<string, Filed>>

/** One group: the frame of its first member as it reached the block, and all members. */
export interface Filed {
  readonly frame: Frame
  readonly members: GraphNode[]
}
