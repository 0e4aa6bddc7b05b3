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
import { type MappedClasses, mappedClasses, type ResultRow } from '../batch/result-rows.ts'
import { evaluatingOf } from '../threads/evaluator-data.ts'

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
  | { readonly type: 'given'; readonly results: readonly Given[]; readonly writes: readonly Write[] }

/** A configuration item or a link that a root gives. */
export interface Given {
  readonly mapping: string
  /** What it is known by: one name, or those of both ends. */
  readonly names: readonly string[]
  /** Besides them. */
  readonly fields: Readonly<Record<string, string>>
}

/** The modules are compiled once, for all roots that are asked for. */
export function storedEvaluator(stored: StoredGraph): (root: string) => Promise<EvaluatedRoot> {
  const { graph, model, source } = stored
  const mapped = mappedClasses(source, model)
  const evaluating = evaluatingOf({ graph, model, mapped, ways: [], now: Date.now() })
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
  const { mapped } = evaluating
  return { type: 'given', results: rowsOf(result, mapped).map((row) => givenOf(row, mapped)), writes }
}

function givenOf({ mapping, names, fields }: ResultRow, mapped: MappedClasses): Given {
  const { columns, named } = mapped.get(mapping) ?? { columns: [], named: [] }
  return {
    mapping,
    names,
    fields: Object.fromEntries(
      columns.flatMap((column, position) => {
        const field = fields[position]
        return field === undefined || named.includes(column) ? [] : [[column, field]]
      }),
    ),
  }
}
