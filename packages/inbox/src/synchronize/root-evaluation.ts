/**
 * Evaluates roots of a source that is a graph where there is no delivery, in whose folder results could be put.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluationOf } from '@sluice/engine'
import type { Configuration } from '@sluice/model'

export function rootEvaluation({ model }: Pick<Configuration, 'model'>): EvaluationOf {
  return async (source, onProgress) => {
    const { graph } = source
    if (graph === undefined) return undefined
    // The language is loaded where there is something to be evaluated.
    const { evaluationOf } = await import('@sluice/evaluator')
    const evaluationIn = (folder: string) => evaluationOf({ source, graph, model, folder, onProgress })
    const { reach } = evaluationIn(tmpdir())
    return {
      reach,
      evaluate: async (subgraphs, ways, copy) => {
        const folder = await mkdtemp(join(tmpdir(), 'sluice-roots-'))
        try {
          return await evaluationIn(folder).evaluate(subgraphs, ways, copy)
        } finally {
          await rm(folder, { recursive: true, force: true })
        }
      },
    }
  }
}
