/**
 * The intake of a delivery that is a graph: its nodes and relationships are copied, and rows are made of them.
 *
 * @module
 */
import {
  createGraphStaging,
  type EvaluatedGraph,
  evaluateGraph,
  type GraphPart,
  type Intake,
  type SourcePart,
  type StagedGraph,
} from '@sluice/engine'
import type { EntityModel, GraphSource } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { copyPrepared, type PreparedFiles } from './copy-prepared.ts'
import { intakeOf } from './prepared-files.ts'

/** @param model The repository's, to whose types the rows belong. */
export function graphIntakeOf(
  files: PreparedFiles,
  { graph, model }: { readonly graph: GraphSource; readonly model: EntityModel },
): Intake {
  const plain = intakeOf(files)
  let evaluated: EvaluatedGraph | undefined
  return {
    notes: plain.notes,
    keptFrom: plain.keptFrom,
    evaluate: async (part) => {
      const unreadable = await plain.stageUnreadable(part)
      const staged = await stageGraph(part, files)
      // The language is loaded where there is something to be evaluated.
      const { evaluationOf } = await import('@sluice/evaluator')
      const { folder, onProgress } = files
      const evaluation = evaluationOf({ source: part.source, graph, model, folder, onProgress })
      evaluated = await evaluateGraph(part, staged, { evaluation, unreadable })
      return evaluated
    },
    // What could not be read are nodes and relationships, and was taken care of with them.
    stageUnreadable: async () => undefined,
    stage: async (part, shape) => await evaluated?.stage(part, shape),
  }
}

async function stageGraph(part: SourcePart, files: PreparedFiles): Promise<StagedGraph> {
  const of = (name: GraphPart) => {
    const file = files.manifest.files.find(({ mapping }) => mapping === name)
    if (file === undefined)
      throw new Error(`A graph was delivered without ${name}; its columns were not checked.`)
    return file
  }
  const [nodes, relationships] = [of('nodes'), of('relationships')]
  const copied = async (name: GraphPart, file: PreparedFile) => {
    const { table, columns } = await createGraphStaging(part, name, file.kind === 'delta')
    await copyPrepared({ session: part.session, source: part.source.name, table, columns }, files, file)
    return table
  }
  return {
    nodes: await copied('nodes', nodes),
    relationships: await copied('relationships', relationships),
    commands: nodes.kind === 'delta',
    counts: { nodes: countsOf(nodes), relationships: countsOf(relationships) },
  }
}

function countsOf({ rows, read, rejected, nullKey, duplicate, noLink, unchanged }: PreparedFile) {
  return { rows, read, rejected, nullKey, duplicate, noLink, unchanged }
}
