/**
 * Properties by which somebody looks resources up: what is written of them in files is kept in the form in which names are compared.
 *
 * The key of a mapping always is; its columns name resources.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import { namesIn } from '../source/lookup-by.ts'
import type { EntityMapping, PropertyMapping, Source } from '../source/source.ts'
import { isA } from './resolve-by.ts'

interface Lookup {
  readonly entityType: string | undefined
  readonly by: string | undefined
}

export function withLookedUp(sources: readonly Source[], model: EntityModel): readonly Source[] {
  const lookups = sources.flatMap((source) => lookupsOf(source, model))
  const marked = (mapping: EntityMapping): EntityMapping => ({
    ...mapping,
    properties: mapping.properties.map((entry) =>
      isLookedUp(mapping, entry, lookups, model) ? { ...entry, lookedUp: true } : entry,
    ),
  })
  return sources.map((source) =>
    source.table === true || source.graph !== undefined
      ? source
      : { ...source, entities: source.entities.map(marked) },
  )
}

function lookupsOf({ entities, associations }: Source, model: EntityModel): readonly Lookup[] {
  const references = entities.flatMap(({ entityType, properties }) => {
    const known = model.entityTypes.get(entityType)?.properties ?? []
    return properties.flatMap(({ property, by }) => {
      const reference = known.find(({ name }) => name === property)
      return reference?.type === 'reference' ? [{ entityType: reference.to, by }] : []
    })
  })
  const ends = associations.flatMap(({ association: name, from, to }) => {
    const association = model.associations.get(name)
    return [
      { entityType: association?.from, by: from.by },
      { entityType: association?.to, by: to.by },
    ]
  })
  return [...references, ...ends]
}

function isLookedUp(
  { entityType, key }: EntityMapping,
  { property }: PropertyMapping,
  lookups: readonly Lookup[],
  model: EntityModel,
): boolean {
  if (property === key) return false
  const type = model.entityTypes.get(entityType)?.properties.find(({ name }) => name === property)?.type
  if (type !== 'string' && type !== 'text') return false
  return lookups.some(
    (of) => isA(model, entityType, of.entityType) && namesIn(of.by ?? '').includes(property),
  )
}
