/**
 * Evaluates one root by modules that are tried: plain data in, plain data out, as it travels between threads.
 *
 * @module
 */
import type { StoredResult, StoredSubgraph } from '@sluice/engine'
import type { EntityModel, GraphSource, Place, TriedRoot } from '@sluice/model'
import type { GraphNode, RootResult, Write } from '@sluice/syncmapping'
import { evaluate } from '../batch/evaluate-batch.ts'
import { readSubgraphs } from '../batch/read-subgraphs.ts'
import { evaluatingOf } from '../threads/evaluator-data.ts'
import { triedItems } from './tried-items.ts'

export interface TriedData {
  readonly graph: Pick<GraphSource, 'modules' | 'dataModel' | 'options' | 'key'>
  readonly model: EntityModel
  readonly subgraph: StoredSubgraph
  readonly stored: readonly StoredResult[]
  /** Of the source: those that give links. */
  readonly associations: ReadonlySet<string>
  readonly now: number
}

/** So many are shown; a root that gives more is hardly looked through. */
export const mostItems = 2000

export function tryEvaluation({ subgraph, ...data }: TriedData): TriedRoot {
  const evaluating = evaluatingOf({ ...data, mapped: new Map(), ways: subgraph.ways })
  const { graph, roots } = readSubgraphs(subgraph.subgraphs, evaluating.ways)
  const [root] = roots
  if (root === undefined) return { state: 'gone' }
  const writes: Write[] = []
  const result = evaluate(evaluating, graph, root, (write) => void writes.push(write))
  if (result.type === 'failed') {
    const { problem, message, place } = result.error
    return { state: 'failed', problem, message, ...placeOf(place) }
  }
  return described(root, result, writes, data)
}

function described(
  root: GraphNode,
  result: Exclude<RootResult, { type: 'failed' }>,
  writes: readonly Write[],
  { stored, associations, graph }: Omit<TriedData, 'subgraph'>,
): TriedRoot {
  const specified = result.type === 'specified' ? result : { cis: [], relationships: [] }
  const items = triedItems(specified, writes, { results: stored, associations, key: graph.key })
  const warnings = result.type === 'specified' ? result.warnings : []
  return {
    state: result.type === 'specified' ? 'given' : 'destroyed',
    kind: root.kind,
    items: items.slice(0, mostItems),
    truncated: items.length > mostItems,
    warnings: warnings.map(({ code, message, place }) => ({ code, message, ...placeOf(place) })),
    log: result.log.map(([level, text]) => [level, text]),
  }
}

function placeOf({ file, line, column }: Partial<Place> = {}) {
  return { file: file ?? null, line: line ?? null, column: column ?? null }
}
