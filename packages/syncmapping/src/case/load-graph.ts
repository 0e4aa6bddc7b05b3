/**
 * A graph document → a graph in memory.
 *
 * @module
 */
import { type Edge, MemoryGraph } from '../memory-graph.ts'
import { type Attributes, GraphNode, GraphRelationship, type Value } from '../value/value.ts'
import type { GraphDocument } from './documents.ts'
import { UnknownNodeError } from './unknown-node-error.ts'

export interface LoadedGraph {
  readonly graph: MemoryGraph
  readonly nodes: ReadonlyMap<string, GraphNode>
}

/** @throws UnknownNodeError when a relationship ends nowhere. */
export function loadGraph({ nodes, rels }: GraphDocument): LoadedGraph {
  const byId = new Map(
    nodes.map(({ id, kind, attrs }) => [
      id,
      new GraphNode(id, kind, attributes(attrs), attrs['_destroyed'] === true),
    ]),
  )
  const edges = rels.map((rel): Edge => {
    const relationship = new GraphRelationship(rel.kind, attributes(rel.attrs))
    const [from, to] = [nodeOf(byId, rel.from), nodeOf(byId, rel.to)]
    return { relationship, from, fromRole: rel.fromRole, to, toRole: rel.toRole }
  })
  return { graph: new MemoryGraph(edges), nodes: byId }
}

export function nodeOf(nodes: ReadonlyMap<string, GraphNode>, id: string): GraphNode {
  const node = nodes.get(id)
  if (node === undefined) throw new UnknownNodeError(id, [...nodes.keys()])
  return node
}

function attributes(given: GraphDocument['nodes'][number]['attrs']): Attributes {
  return new Map(Object.entries(given).map(([name, value]): [string, Value] => [name, value]))
}
