/**
 * From a staged graph to the rows of a source's mappings.
 *
 * @module
 */
import { run, sql } from '@sluice/repository'
import type { GraphChanges } from '../changes/change-set.ts'
import type { SourcePart } from '../context/run-context.ts'
import { recordRejected } from '../rows/rejected-rows.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'
import { findAffectedRoots, findReached } from './affected-roots.ts'
import type { Evaluated, Evaluation } from './evaluation.ts'
import { createFailed, findGraphChanges } from './graph-changes.ts'
import { compareResults, createResults, type Evaluating, resultColumns, stageResults } from './results.ts'
import { numberGraph, type RunGraph } from './run-graph.ts'
import { rejectUnnamed, type StagedGraph } from './staged-graph.ts'
import { fetchSubgraphs } from './subgraphs.ts'

/** A graph that was evaluated. */
export interface EvaluatedGraph {
  stage(part: SourcePart, shape: EntityShape | LinkShape): Promise<StagedRows>
  readonly changes: GraphChanges
  readonly notes: readonly string[]
}

export async function evaluateGraph(
  part: SourcePart,
  staged: StagedGraph,
  evaluation: Evaluation,
): Promise<EvaluatedGraph> {
  const { session } = part
  const { reach } = evaluation
  const unnamed = await rejectUnnamed(part, staged)
  const affected = staged.commands ? await findAffectedRoots(part, staged, reach) : undefined
  const roots = affected?.table
  const whole = roots === undefined ? staged : await findReached(part, staged, { roots, reach })
  const graph = await numberGraph(part, whole)
  const results = await createResults(part)
  const subgraphs = fetchSubgraphs(part, graph, { reach, roots })
  const evaluated = await evaluation.evaluate(subgraphs, graph.ways, {
    table: results,
    columns: resultColumns,
  })
  const failed = await createFailed(part, evaluated.failed)
  const evaluating: Evaluating = { results, failed, roots }
  const changed = await compareResults(part, evaluating)
  if (evaluated.failed.length > 0) {
    const rows = sql`select 'graph', coalesce(f.file, ''), f.line, left(f.root, 200), null, f.kind, f.problem || ': ' || f.message from ${failed} f`
    await run(session, recordRejected('graph/record-failed', part.runId, rows))
  }
  return {
    stage: (shaped, shape) => stageResults(shaped, shape, { evaluating, changed }),
    changes: await findGraphChanges(part, staged, { results: changed, failed, roots }),
    notes: notesOf({ evaluated, graph, unnamed }),
  }
}

function notesOf({
  evaluated,
  graph,
  unnamed,
}: {
  readonly evaluated: Evaluated
  readonly graph: RunGraph
  readonly unnamed: number
}): readonly string[] {
  const { failed, roots, notes } = evaluated
  const [first] = failed
  const { count, example } = graph.loose
  return [
    `${counted(roots, 'root')} evaluated${failed.length === 0 ? '' : `, of which ${failed.length} failed and ${failed.length === 1 ? 'stays' : 'stay'} as before`}.`,
    ...(first === undefined ? [] : [`${first.kind} ${first.root} failed: ${placed(first)}${first.message}`]),
    ...(count === 0
      ? []
      : [
          `${counted(count, 'relationship')} with an end that is not in the graph, such as ${example ?? ''}.`,
        ]),
    ...(unnamed === 0 ? [] : [`${counted(unnamed, 'node or relationship')} rejected.`]),
    ...notes,
  ]
}

function placed({ file, line, column }: Evaluated['failed'][number]): string {
  return file === undefined ? '' : `${file}:${line ?? 1}:${column ?? 1}: `
}

function counted(count: number, what: string): string {
  const many = what === 'node or relationship' ? 'nodes or relationships' : `${what}s`
  return `${count.toLocaleString('en-US')} ${count === 1 ? what : many}`
}
