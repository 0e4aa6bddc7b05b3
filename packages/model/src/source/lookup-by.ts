/**
 * By what a column, or several, name a resource: a property of it, several together, or its id.
 *
 * One text, because it is compared, stored and shown as one; what is in it is asked for here alone.
 *
 * @module
 */
import type { EntityModel, Property } from '../entity/entity-model.ts'

const separator = ', '

/** Of names of properties, in their order: `site, room`. */
export function lookupBy(properties: readonly string[]): string {
  return properties.join(separator)
}

/** Names of the properties; one, where it is one or `resource_id`. */
export function namesIn(by: string): readonly string[] {
  return by.split(separator)
}

/** Several properties name the resource together. */
export function isComposed(by: string | undefined): by is string {
  return by?.includes(separator) === true
}

/** Of an entity type; fewer than there are names where it has not all of them. */
export function propertiesIn(model: EntityModel, entityType: string, by: string): readonly Property[] {
  const known = model.entityTypes.get(entityType)?.properties ?? []
  return namesIn(by).flatMap((name) => known.find((property) => property.name === name) ?? [])
}

/** What a part of the name is called beside the reference that it is of: `location_site`. */
export function partName(reference: string, property: string): string {
  return `${reference}_${property}`
}
