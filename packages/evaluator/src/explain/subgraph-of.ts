/**
 * What a root reaches, in the form that `sluice mapping run` reads.
 *
 * @module
 */
import { readStoredSubgraph } from '@sluice/engine'
import type { Subgraph } from '@sluice/model'
import { type Attributes, classModelOf, compile, reachOf } from '@sluice/syncmapping'
import { attributeDocument } from '../batch/attribute-document.ts'
import { readSubgraphs } from '../batch/read-subgraphs.ts'
import type { StoredGraph } from './evaluate-stored.ts'

/** `undefined`: the root is not in the graph. */
export async function subgraphOf(
  { session, sourceId, graph, model }: StoredGraph,
  root: string,
): Promise<Subgraph | undefined> {
  const { program } = compile(graph.modules, classModelOf(model))
  const reach = reachOf(program, graph.dataModel)
  const stored = await readStoredSubgraph(session, { sourceId, root, reach })
  if (stored === undefined) return undefined
  const { nodes, edges } = readSubgraphs(stored.subgraphs, new Map(stored.ways.map((way) => [way.way, way])))
  return {
    nodes: nodes.map(({ id, kind, attributes, isDestroyed }) => ({
      id,
      kind,
      attrs: { ...plain(attributes), ...(isDestroyed ? { _destroyed: true } : {}) },
    })),
    rels: edges.map(({ relationship, from, fromRole, to, toRole }) => ({
      kind: relationship.kind,
      from: from.id,
      fromRole,
      to: to.id,
      toRole,
      attrs: plain(relationship.attributes),
    })),
  }
}

function plain(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries([...attributes].map(([name, value]) => [name, attributeDocument(value)]))
}
