/**
 * The producer of roots that are evaluated anew on the graph as it is stored, without a delivery.
 *
 * It is the incremental in which nothing has changed and the roots are given. The repository goes on standing for the delivery that it
 * stood for, and how mappings read is noted by the next delivery, which evaluates all roots by them.
 *
 * @module
 */
import type { WantedRoots } from '@sluice/model'
import type { Producer } from '../changes/produced.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { Evaluation } from '../graph/evaluation.ts'
import { takeGivenRoots } from '../graph/given-roots.ts'
import { type EvaluatedGraph, evaluateGraph } from '../graph/graph-intake.ts'
import { createGraphStaging, type StagedGraph } from '../graph/staged-graph.ts'
import type { Intake } from '../intake/intake.ts'
import { appliedDelivery } from './chain.ts'
import { produceFromSource } from './produce-from-source.ts'

export interface RootsToEvaluate {
  readonly source: string
  readonly wanted: WantedRoots
  readonly evaluation: Evaluation
}

export function produceFromRoots(of: RootsToEvaluate): Producer {
  return async (context) => {
    const { source } = of
    const sourceId = context.sources.get(source)?.id ?? 0
    const delivery = (await appliedDelivery(context.session, sourceId)) ?? null
    const produce = produceFromSource({ source, mode: 'incremental', delivery, intake: intakeOf(of) })
    const produced = await produce(context, false)
    const { changeSet } = produced
    const remembered =
      changeSet.source === null ? null : { ...changeSet.source, appliedDelivery: delivery, mappings: [] }
    return { ...produced, changeSet: { ...changeSet, source: remembered } }
  }
}

function intakeOf({ source, wanted, evaluation }: RootsToEvaluate): Intake {
  let evaluated: EvaluatedGraph | undefined
  return {
    notes: [],
    evaluate: async (part) => {
      const kinds = [...evaluation.reach.keys()]
      const given = await takeGivenRoots(part, { source, sourceId: part.sourceId, kinds, wanted })
      evaluated = await evaluateGraph(part, await stageNothing(part), {
        evaluation,
        unreadable: undefined,
        given,
      })
      return evaluated
    },
    stageUnreadable: async () => undefined,
    stage: async (part, shape) => await evaluated?.stage(part, shape),
  }
}

async function stageNothing(part: SourcePart): Promise<StagedGraph> {
  const none = { rows: 0, read: 0, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0 }
  return {
    nodes: (await createGraphStaging(part, 'nodes', true)).table,
    relationships: (await createGraphStaging(part, 'relationships', true)).table,
    commands: true,
    counts: { nodes: none, relationships: none },
  }
}
