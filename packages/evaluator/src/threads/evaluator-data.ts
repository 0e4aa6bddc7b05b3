/**
 * What a thread is given to evaluate with: plain data, as it travels between threads.
 *
 * @module
 */
import type { Way } from '@sluice/engine'
import type { EntityModel, GraphSource, Source } from '@sluice/model'
import { classModelOf, compile } from '@sluice/syncmapping'
import type { Evaluating } from '../batch/evaluate-batch.ts'

export interface EvaluatorData {
  readonly graph: Pick<GraphSource, 'modules' | 'dataModel' | 'options'>
  readonly model: EntityModel
  /** By mapping: columns that are attributes. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>
  readonly ways: readonly Way[]
  readonly now: number
}

export function evaluatingOf({ graph, model, attributes, ways, now }: EvaluatorData): Evaluating {
  const classes = classModelOf(model)
  const { program } = compile(graph.modules, classes)
  const { dataModel, options } = graph
  const byNumber = new Map(ways.map((way) => [way.way, way]))
  return { program, classes, dataModel, options, now, attributes, ways: byNumber }
}

export function attributesOf({
  entities,
  associations,
}: Pick<Source, 'entities' | 'associations'>): EvaluatorData['attributes'] {
  const entityAttributes = entities.map(({ name, key, properties }) => {
    const attributes = properties.filter(({ property }) => property !== key)
    return [name, new Set(attributes.map(({ column }) => column))] as const
  })
  const linkAttributes = associations.map(
    ({ name, properties }) => [name, new Set(properties.map(({ column }) => column))] as const,
  )
  return new Map([...entityAttributes, ...linkAttributes])
}
