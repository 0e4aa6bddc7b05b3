/**
 * Ownership in the model that the repository remembers.
 *
 * @module
 */
import { type MappedSource, type Ownership, ownershipOf, type StoredModel } from '@sluice/model'

/** Who holds resources of exactly this type, as the tables follow it. */
export function storedOwnership({ sources }: StoredModel, entityType: string): Ownership<MappedSource> {
  const mapped = [...sources.values()].map(({ name, entities }): [string, MappedSource] => [
    name,
    {
      name,
      entities: entities.map((mapping) => ({
        entityType: mapping.entityType,
        scope: mapping.scope,
        federation: mapping.federation,
        properties: mapping.properties.map(({ name, policy, precedence, update }) => ({
          property: name,
          policy,
          precedence,
          update,
        })),
      })),
    },
  ])
  return ownershipOf(new Map(mapped), entityType)
}
