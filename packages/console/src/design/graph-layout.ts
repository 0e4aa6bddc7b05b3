/**
 * Where the nodes of a graph stand and how its lines go around them; worked out in a worker, so that the page goes on.
 *
 * @module
 */
import Elk, { type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

/** Pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

interface Sized {
  readonly id: string
  readonly width: number
  readonly height: number
}

interface Joined {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
}

export interface Route {
  /** From one node to the other. */
  readonly points: readonly Point[]
  /** The middle of the label. */
  readonly label: Point | undefined
}

export interface GraphLayout {
  /** The upper left corner of each node. */
  readonly places: ReadonlyMap<string, Point>
  readonly routes: ReadonlyMap<string, Route>
}

const options = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '40',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '18',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.componentComponent': '40',
  'elk.edgeLabels.inline': 'true',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
}

const elk = new Elk({ workerFactory: () => new Worker(workerUrl) })
const labelHeight = 14
/** Of a letter of a label, about. */
const letterWidth = 6

export async function layOut(
  nodes: readonly Sized[],
  edges: readonly Joined[],
  direction: 'RIGHT' | 'DOWN',
): Promise<GraphLayout> {
  const graph: ElkNode = {
    id: 'graph',
    layoutOptions: { ...options, 'elk.direction': direction },
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ id, from, to, label }) => ({
      id,
      sources: [from],
      targets: [to],
      labels: [{ text: label, width: label.length * letterWidth + 8, height: labelHeight }],
    })),
  }
  const { children = [], edges: laid = [] } = await elk.layout(graph)
  const routes = laid.map(({ id, sections: [section] = [], labels: [label] = [] }): [string, Route] => [
    id,
    {
      points:
        section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
      label: label && {
        x: (label.x ?? 0) + (label.width ?? 0) / 2,
        y: (label.y ?? 0) + (label.height ?? 0) / 2,
      },
    },
  ])
  return {
    places: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    routes: new Map(routes),
  }
}
