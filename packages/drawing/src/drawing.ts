/**
 * What a picture of a graph shows, whatever it is of and whoever draws it.
 *
 * @module
 */

/** How a thing looks; what that means is said by whoever has it drawn. */
export interface Look {
  readonly shape: 'box' | 'round'
  readonly tone: 'plain' | 'strong' | 'source' | 'target' | 'quiet'
  readonly dashed?: boolean | undefined
}

export interface DrawnNode {
  /** Its own in the whole drawing. */
  readonly id: string
  /** Any text; each is a line. */
  readonly lines: readonly string[]
  readonly look: Look
}

/** Things that belong together, in a frame. */
export interface DrawnCluster {
  readonly lines: readonly string[]
  readonly nodes: readonly DrawnNode[]
  readonly clusters: readonly DrawnCluster[]
  readonly dashed?: boolean | undefined
}

export interface DrawnEdge {
  /** Ids of nodes. */
  readonly from: string
  readonly to: string
  readonly lines: readonly string[]
  readonly dashed?: boolean | undefined
  /** Without an arrow: it only says that the two belong together. */
  readonly plain?: boolean | undefined
}

export interface Drawing {
  readonly title: string
  /** Whither edges go for the most part. */
  readonly direction: 'right' | 'down'
  readonly nodes: readonly DrawnNode[]
  readonly clusters: readonly DrawnCluster[]
  readonly edges: readonly DrawnEdge[]
}

/** All nodes, those of clusters included, in the order in which they are drawn. */
export function nodesOf({ nodes, clusters }: Pick<DrawnCluster, 'nodes' | 'clusters'>): readonly DrawnNode[] {
  return [...nodes, ...clusters.flatMap(nodesOf)]
}

/** `n1`, `n2`, …: names that mean nothing to whoever draws, by the ids of nodes. */
export function numbered(drawing: Drawing): ReadonlyMap<string, string> {
  return new Map(nodesOf(drawing).map(({ id }, index) => [id, `n${index + 1}`]))
}

/** On one line, without control characters: no file of a picture may hold them. */
export function plainText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
      .toWellFormed()
  )
}
