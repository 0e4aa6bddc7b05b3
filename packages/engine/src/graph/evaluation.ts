/**
 * What the engine asks of whoever evaluates syncmappings.
 *
 * @module
 */
/** A traversal of the source graph: `role:relationship:otherRole:kind`; what is absent matches anything. */
export interface Traversal {
  readonly role: string | undefined
  readonly relationship: string | undefined
  readonly otherRole: string | undefined
  readonly kind: string | undefined
}

export interface TraversalStep {
  readonly spec: Traversal
  /** From the nodes that it reaches. */
  readonly further: readonly TraversalStep[]
}

/** By kind of root, what may be reached from it. */
export type Reach = ReadonlyMap<string, readonly TraversalStep[]>

/** How relationships lie: by the number that subgraphs give them. */
export interface Way {
  readonly way: number
  readonly kind: string
  readonly fromRole: string
  readonly toRole: string
}

/** Some roots, and all that they reach, as JSON texts. */
export interface Subgraphs {
  /** `[[number, name, kind, isDestroyed, attributes], …]` */
  readonly nodes: string
  /** `[[number, from, to, way, attributes], …]`, the ends by the numbers of nodes. */
  readonly edges: string
  /** Numbers of the nodes that are roots. */
  readonly roots: readonly number[]
}

/** A root that gave nothing. */
export interface FailedRoot {
  /** Its name and kind. */
  readonly root: string
  readonly kind: string
  readonly problem: string
  readonly message: string
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
}

/** What evaluating all roots of a run came to. */
export interface Evaluated {
  readonly roots: number
  readonly failed: readonly FailedRoot[]
  readonly notes: readonly string[]
}

/** Evaluates subgraphs as they come. */
export interface Evaluation {
  readonly reach: Reach
  /**
   * `copy`: takes a CSV file of what the roots give of a mapping, without a header: the name of the root, then the columns of the mapping's
   * prepared files in their order.
   */
  evaluate(
    subgraphs: AsyncIterable<Subgraphs>,
    ways: readonly Way[],
    copy: (mapping: string, file: string) => Promise<void>,
  ): Promise<Evaluated>
}
