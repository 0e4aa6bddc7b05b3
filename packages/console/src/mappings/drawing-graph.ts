/**
 * A drawing of mappings → the nodes and lines of a graph: what a frame says stands beneath the names of what is in it.
 *
 * @module
 */
import type { Drawing } from '@sluice/drawing'
import type { DrawnEdge, DrawnNode } from '../design/graph-view.tsx'

interface Frame {
  readonly nodes: Drawing['nodes']
  readonly clusters: Drawing['clusters']
}

export function graphOfDrawing(drawing: Drawing): {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
} {
  const edges = drawing.edges.map(({ from, to, lines, dashed = false }, index) => ({
    id: `${index} ${from} ${to}`,
    from,
    to,
    label: lines.join(' · '),
    dashed,
  }))
  return { nodes: nodesIn(drawing, ''), edges }
}

function nodesIn({ nodes, clusters }: Frame, frame: string): readonly DrawnNode[] {
  const own = nodes.map(({ id, lines: [title = '', ...lines], look }) => ({
    id,
    title,
    subtitle: lines[0] ?? frame,
    lines: lines.length > 0 && frame !== '' ? [...lines.slice(1), frame] : lines.slice(1),
    main: look.tone === 'strong',
  }))
  return [...own, ...clusters.flatMap((cluster) => nodesIn(cluster, cluster.lines[0] ?? frame))]
}
