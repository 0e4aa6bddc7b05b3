/**
 * Evaluates the roots of a graph source: what the engine asks for (`Evaluation`), by means of syncmappings.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evaluation } from '@sluice/engine'
import type { EntityModel, GraphSource, OnProgress, Source } from '@sluice/model'
import { classModelOf, compile, reachOf } from '@sluice/syncmapping'
import { mappedClasses } from './batch/result-rows.ts'
import { type CountedWarning, evaluateAll } from './threads/evaluate-all.ts'

export type { StoredGraph } from './explain/evaluate-stored.ts'
export { explainMade } from './explain/explain-made.ts'
export { subgraphOf } from './explain/subgraph-of.ts'
export { modulesOf } from './try/modules-of.ts'
export { tryRoot } from './try/try-root.ts'

export interface EvaluationOf {
  readonly source: Source
  readonly graph: GraphSource
  readonly model: EntityModel
  /** For files of results, which are removed again. */
  readonly folder: string
  readonly onProgress?: OnProgress | undefined
}

export function evaluationOf({ source, graph, model, folder, onProgress }: EvaluationOf): Evaluation {
  const { program } = compile(graph.modules, classModelOf(model))
  return {
    reach: reachOf(program, graph.dataModel),
    evaluate: async (subgraphs, ways, copy) => {
      const { modules, dataModel, options } = graph
      const data = {
        graph: { modules, dataModel, options },
        model,
        mapped: mappedClasses(source, model),
        ways,
        now: Date.now(),
      }
      const onRoots = (rows: number) =>
        onProgress?.({ stage: 'translate', source: source.name, subject: 'roots', rows })
      const place = await mkdtemp(join(folder, 'results-'))
      try {
        const { files, roots, failed, warnings } = await evaluateAll(data, subgraphs, {
          folder: place,
          onRoots,
        })
        for (const [mapping, file] of files) await copy(mapping, file)
        return { roots, failed, notes: warnings.map(noteOf) }
      } finally {
        await rm(place, { recursive: true, force: true })
      }
    },
  }
}

function noteOf({ code, message, place, count, root }: CountedWarning): string {
  const where = `${place.file}:${place.line ?? 1}:${place.column ?? 1}`
  return `${where}: ${code}: ${message} (${count === 1 ? `root ${root}` : `${count.toLocaleString('en-US')} roots, such as ${root}`})`
}
