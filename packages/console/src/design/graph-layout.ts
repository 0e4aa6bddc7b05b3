/**
 * Where the nodes of a graph stand; worked out in a worker, so that the page goes on.
 *
 * @module
 */
import Elk from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

/** Pixels. */
interface Sized {
  readonly id: string
  readonly width: number
  readonly height: number
}

interface Joined {
  readonly id: string
  readonly from: string
  readonly to: string
}

export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.spacing.nodeNode': '18',
  'elk.spacing.componentComponent': '40',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
}

const elk = new Elk({ workerFactory: () => new Worker(workerUrl) })

export async function layOut(nodes: readonly Sized[], edges: readonly Joined[]): Promise<Places> {
  const { children = [] } = await elk.layout({
    id: 'graph',
    layoutOptions: options,
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  })
  return new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]))
}
