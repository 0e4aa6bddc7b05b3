/**
 * The properties by which references and links find resources of a type; they are indexed.
 *
 * @module
 */
import { type Configuration, namesIn } from '@sluice/model'
import { isA } from '@sluice/repository'
import { entityTypeOf, propertyOf } from '../context/run-context.ts'

/** Over all sources: who looks is often not who delivers. */
export function lookedUpProperties(
  configuration: Pick<Configuration, 'model' | 'sources'>,
  entityType: string,
): ReadonlySet<string> {
  return new Set([...lookupsOf(configuration, entityType)].flatMap(namesIn))
}

/** By what they are found: a property, or several together (`namesIn`). */
export function lookupsOf(
  { model, sources }: Pick<Configuration, 'model' | 'sources'>,
  entityType: string,
): ReadonlySet<string> {
  const lookups = [...sources.values()].flatMap((source) => [
    ...source.entities.flatMap((mapping) =>
      mapping.properties.flatMap(({ property: name, by }) => {
        const property = propertyOf(entityTypeOf(model, mapping.entityType), name)
        return property.type === 'reference' ? [{ to: property.to, by }] : []
      }),
    ),
    ...source.associations.flatMap(({ association: name, from, to }) => {
      const association = model.associations.get(name)
      if (association === undefined) return []
      return [
        { to: association.from, by: from.by },
        { to: association.to, by: to.by },
      ]
    }),
  ])
  return new Set(
    lookups.flatMap(({ to, by }) => (by !== undefined && isA(model, entityType, to) ? [by] : [])),
  )
}
