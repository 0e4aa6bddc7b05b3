/**
 * What is known of a resource, with labels in the place of names.
 *
 * @module
 */
import type { EntityModel, Labeller, Property } from '@sluice/model'
import type { ExplainedLinks, Explanation, HistoryEntry } from '@sluice/project'
import { labelledValue } from './labelled-values.ts'

export function labelledExplanation(found: Explanation, model: EntityModel, labels: Labeller): Explanation {
  const type = model.entityTypes.get(found.entityType)
  const properties = new Map<string, Property>(type?.properties.map((property) => [property.name, property]))
  const called = (name: string) => labels.of(properties.get(name) ?? { name })
  return {
    ...found,
    entityType: labels.of(type ?? { name: found.entityType }),
    values: found.values.map((one) => ({
      ...one,
      property: called(one.property),
      value: labelledValue(properties.get(one.property), one.value, labels),
    })),
    links: found.links.map((one) => ({ ...one, association: linksCalled(one, model, labels) })),
    history: found.history.map(({ before, after, ...entry }): HistoryEntry => {
      const renamed = (values: HistoryEntry['before']) =>
        values &&
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            called(name),
            labelledValue(properties.get(name), value, labels),
          ]),
        )
      return { ...entry, before: renamed(before), after: renamed(after) }
    }),
  }
}

/** By what the others are to the resource. */
function linksCalled({ association, end }: ExplainedLinks, model: EntityModel, labels: Labeller): string {
  const known = model.associations.get(association)
  const others = end === 'from' ? known?.toLabels : known?.fromLabels
  return labels.among(others, labels.of(known ?? { name: association }))
}
