/**
 * Evaluates roots of a source that is a graph where there is no delivery, in whose folder results could be put.
 *
 * @module
 */
import { tmpdir } from 'node:os'
import type { EvaluationOf } from '@sluice/engine'
import { TemporaryFolder } from '@sluice/files'
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
        await using folder = new TemporaryFolder('sluice-roots-')
        return await evaluationIn(await folder.path()).evaluate(subgraphs, ways, copy)
      },
    }
  }
}
