/**
 * One root, evaluated again on the graph that is stored: what it gives, and which statements wrote it.
 *
 * @module
 */
import { readStoredSubgraph, type StoredSubgraph } from '@sluice/engine'
import type { EntityModel, GraphSource, Source } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { type GraphNode, type MemoryGraph, type RootResult, reachOf, type Write } from '@sluice/syncmapping'
import { type Evaluating, evaluate, rowsOf } from '../batch/evaluate-batch.ts'
import { readSubgraphs } from '../batch/read-subgraphs.ts'
import type { ResultRow } from '../batch/result-rows.ts'
import { attributesOf, evaluatingOf } from '../threads/evaluator-data.ts'

export interface StoredGraph {
  readonly session: Session
  readonly source: Source
  readonly sourceId: number
  readonly graph: GraphSource
  readonly model: EntityModel
}

export type EvaluatedRoot =
  | { readonly type: 'gone' }
  | { readonly type: 'failed'; readonly error: Extract<RootResult, { type: 'failed' }>['error'] }
  | { readonly type: 'destroyed' }
  | { readonly type: 'given'; readonly rows: readonly ResultRow[]; readonly writes: readonly Write[] }

/** The modules are compiled once, for all roots that are asked for. */
export function storedEvaluator(stored: StoredGraph): (root: string) => Promise<EvaluatedRoot> {
  const { graph, model, source } = stored
  const attributes = attributesOf(source)
  const evaluating = evaluatingOf({ graph, model, attributes, ways: [], now: Date.now() })
  return async (name) => {
    const subgraph = await readStoredSubgraph(stored.session, {
      sourceId: stored.sourceId,
      root: name,
      reach: reachOf(evaluating.program, graph.dataModel),
    })
    const read = subgraph === undefined ? undefined : graphOf(subgraph)
    return read === undefined ? { type: 'gone' } : evaluateOne(evaluating, read)
  }
}

interface ReadRoot {
  readonly graph: MemoryGraph
  readonly root: GraphNode
}

function graphOf({ subgraphs, ways }: StoredSubgraph): ReadRoot | undefined {
  const { graph, roots } = readSubgraphs(subgraphs, new Map(ways.map((way) => [way.way, way])))
  const [root] = roots
  return root === undefined ? undefined : { graph, root }
}

function evaluateOne(evaluating: Evaluating, { graph, root }: ReadRoot): EvaluatedRoot {
  const writes: Write[] = []
  const result = evaluate(evaluating, graph, root, (write) => void writes.push(write))
  if (result.type === 'failed') return result
  if (result.type === 'deleted') return { type: 'destroyed' }
  return { type: 'given', rows: rowsOf(result, evaluating.attributes), writes }
}
