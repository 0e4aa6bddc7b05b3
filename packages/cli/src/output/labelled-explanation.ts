/**
 * What is known of a resource, with labels in the place of names.
 *
 * @module
 */
import type { EntityModel, Labeller } from '@sluice/model'
import type { ExplainedLinks, Explanation } from '@sluice/project'
import { calledIn } from './called.ts'

export function labelledExplanation(found: Explanation, model: EntityModel, labels: Labeller): Explanation {
  const called = calledIn(model, labels)
  const { entityType: type } = found
  return {
    ...found,
    entityType: called.type(type),
    values: found.values.map((one) => ({
      ...one,
      property: called.property(type, one.property),
      value: called.value(type, one.property, one.value),
    })),
    links: found.links.map((one) => ({ ...one, association: linksCalled(one, model, labels) })),
    ...(found.orphanLinks === undefined
      ? {}
      : {
          orphanLinks: found.orphanLinks.map((one) => ({
            ...one,
            association: linksCalled(one, model, labels),
          })),
        }),
    history: found.history.map(({ before, after, ...entry }) => ({
      ...entry,
      before: called.values(type, before),
      after: called.values(type, after),
    })),
  }
}

/** By what the others are to the resource. */
function linksCalled(
  { association, end }: Pick<ExplainedLinks, 'association' | 'end'>,
  model: EntityModel,
  labels: Labeller,
): string {
  const known = model.associations.get(association)
  const others = end === 'from' ? known?.toLabels : known?.fromLabels
  return labels.among(others, labels.of(known ?? { name: association }))
}
