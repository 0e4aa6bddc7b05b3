/**
 * What a thread is given to evaluate with: plain data, as it travels between threads.
 *
 * @module
 */
import type { Way } from '@sluice/engine'
import type { EntityModel, GraphSource } from '@sluice/model'
import { classModelOf, compile } from '@sluice/syncmapping'
import type { Evaluating } from '../batch/evaluate-batch.ts'
import type { MappedClasses } from '../batch/result-rows.ts'

export interface EvaluatorData {
  readonly graph: Pick<GraphSource, 'modules' | 'dataModel' | 'options'>
  readonly model: EntityModel
  readonly mapped: MappedClasses
  readonly ways: readonly Way[]
  readonly now: number
}

export function evaluatingOf({ graph, model, mapped, ways, now }: EvaluatorData): Evaluating {
  const classes = classModelOf(model)
  const { program } = compile(graph.modules, classes)
  const { dataModel, options } = graph
  const byNumber = new Map(ways.map((way) => [way.way, way]))
  return { program, classes, dataModel, options, now, mapped, ways: byNumber }
}
