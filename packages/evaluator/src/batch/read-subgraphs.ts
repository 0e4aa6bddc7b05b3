/**
 * Subgraphs as they are fetched → a graph in memory.
 *
 * @module
 */
import type { Subgraphs, Way } from '@sluice/engine'
import {
  type Attributes,
  type Edge,
  GraphNode,
  GraphRelationship,
  MemoryGraph,
  Table,
  type Value,
} from '@sluice/syncmapping'
import { isSafeNumber, parse as parseExactly } from 'lossless-json'

export interface ReadSubgraphs {
  readonly graph: MemoryGraph
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly Edge[]
  readonly roots: readonly GraphNode[]
}

type NodeRow = readonly [number: number, id: string, kind: string, isDestroyed: boolean, attributes: Json]
type EdgeRow = readonly [number: number, from: number, to: number, way: number, attributes: Json]

type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json }

/** @param ways By their numbers. */
export function readSubgraphs(
  { nodes: nodesText, edges: edgesText, roots }: Subgraphs,
  ways: ReadonlyMap<number, Way>,
): ReadSubgraphs {
  const nodes = new Map<number, GraphNode>()
  for (const [number, id, kind, isDestroyed, attributes] of rowsOf<NodeRow>(nodesText)) {
    nodes.set(number, new GraphNode(id, kind, attributesOf(attributes), isDestroyed))
  }
  const edges: Edge[] = []
  for (const [, from, to, number, attributes] of rowsOf<EdgeRow>(edgesText)) {
    const way = ways.get(number)
    const [fromNode, toNode] = [nodes.get(from), nodes.get(to)]
    if (way === undefined || fromNode === undefined || toNode === undefined) continue
    const { kind, fromRole, toRole } = way
    const relationship = new GraphRelationship(kind, attributesOf(attributes))
    edges.push({ relationship, from: fromNode, fromRole, to: toNode, toRole })
  }
  return {
    graph: new MemoryGraph(edges),
    nodes: [...nodes.values()],
    edges,
    roots: roots.flatMap((number) => nodes.get(number) ?? []),
  }
}

/** A number that JSON.parse would round has sixteen digits or more, or an exponent. */
const perhapsRounded = /\d{16}|\d[eE][+-]?\d/

function rowsOf<T>(text: string): readonly T[] {
  return perhapsRounded.test(text)
    ? (parseExactly(text, null, exactNumber) as T[])
    : (JSON.parse(text) as T[])
}

/** What is no number of JavaScript is a whole number of any size, or stays the text that it is. */
function exactNumber(text: string): unknown {
  if (isSafeNumber(text)) return Number(text)
  return /^-?\d+$/.test(text) ? BigInt(text) : text
}

const noAttributes: Attributes = new Map()

function attributesOf(json: Json): Attributes {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return noAttributes
  const entries = Object.entries(json)
  return entries.length === 0
    ? noAttributes
    : new Map(entries.map(([name, value]) => [name, attributeValue(value)]))
}

function attributeValue(json: Json): Value {
  if (json === null || typeof json !== 'object') return json
  if (isList(json)) return json.map(attributeValue)
  return new Table(Object.entries(json).map(([name, value]) => [name, attributeValue(value)]))
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
