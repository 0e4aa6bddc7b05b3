/**
 * Models, mappings and sources of a few words, for tests of a single rule: what is not named is as plain as can be.
 *
 * @module
 */
import type {
  Association,
  AssociationMapping,
  EntityMapping,
  EntityModel,
  EntityType,
  Property,
  PropertyMapping,
  Source,
} from '@sluice/model'
import { compiled, type SQL } from '@sluice/repository'

const format = { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' } as const

export function textProperty(name: string): Property {
  return { name, type: 'string', required: false }
}

export function referenceTo(to: string, name: string = to.toLowerCase()): Property {
  return { name, type: 'reference', to, required: false }
}

/** Properties that are given as names are texts. */
export function entityType(
  name: string,
  properties: readonly (Property | string)[],
  part: Partial<EntityType> = {},
): EntityType {
  const all = properties.map((one) => (typeof one === 'string' ? textProperty(one) : one))
  return { name, abstract: false, properties: all, ...part }
}

export function association(name: string, part: Partial<Association> = {}): Association {
  return { name, from: 'Person', to: 'Team', cardinality: 'many-to-many', properties: [], ...part }
}

export function modelOf(
  types: readonly EntityType[],
  associations: readonly Association[] = [],
): EntityModel {
  return {
    entityTypes: new Map(types.map((type) => [type.name, type])),
    associations: new Map(associations.map((one) => [one.name, one])),
  }
}

/** Property → its column, or how it is mapped; the first is the key. */
export type Properties = Readonly<Record<string, string | Omit<PropertyMapping, 'property'>>>

export function propertyMappings(properties: Properties): readonly PropertyMapping[] {
  return Object.entries(properties).map(([property, of]) => ({
    property,
    ...(typeof of === 'string' ? { column: of } : of),
  }))
}

export function entityMapping(
  type: string,
  properties: Properties,
  part: Partial<EntityMapping> = {},
): EntityMapping {
  const mapped = propertyMappings(properties)
  const key = mapped[0]?.property ?? ''
  const file = `${type.toLowerCase()}.csv`
  return { name: type, entityType: type, file, format, key, properties: mapped, thresholds: {}, ...part }
}

export function associationMapping(
  name: string,
  from: string,
  to: string,
  properties: Properties = {},
): AssociationMapping {
  return {
    name,
    association: name,
    file: `${name}.csv`,
    format,
    from: { column: from, by: 'number' },
    to: { column: to, by: 'code' },
    properties: propertyMappings(properties),
    thresholds: {},
  }
}

export function sourceOf(
  entities: readonly EntityMapping[],
  associations: readonly AssociationMapping[] = [],
  name = 'hr',
): Source {
  return { name, folder: '/', mode: 'auto', entities, associations, thresholds: {} }
}

/** A fragment as it stands in a statement. */
export function textOf(query: SQL): string {
  return compiled({ name: '', query }).text.replace('/*  */ ', '')
}
