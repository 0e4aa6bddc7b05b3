/**
 * The indexes a model asks for besides primary keys.
 *
 * Properties by which links and references find their target, reference columns (who points here?),
 * the far end of links, and the ends that may have one link only.
 *
 * @module
 */
import type { Association, StoredModel } from '@sluice/model'
import { columnOf, entityTable, family, identifier, linkTable, shortened } from '../layout/layout.ts'
import type { Transition } from './step.ts'

/** Drops stand before the changes of tables, creations behind them. */
export function indexStatements(transition: Transition): {
  readonly drop: readonly string[]
  readonly create: readonly string[]
} {
  const before = indexesOf(transition.before)
  const after = indexesOf(transition.after)
  return {
    drop: [...before]
      .filter(([name, sql]) => after.get(name) !== sql)
      .map(([name]) => `drop index if exists ${identifier(name)}`),
    // A column that was replaced has taken its index with it: so all of them are asked for.
    create: [...after.values()],
  }
}

function indexesOf(model: StoredModel): ReadonlyMap<string, string> {
  return new Map([
    ...[...model.entityTypes.values()]
      .filter((type) => !type.abstract)
      .flatMap((type) =>
        type.properties
          .filter((property) => property.type === 'reference')
          .map((property) => index(entityTable(type.name), columnOf(property))),
      ),
    ...lookupsOf(model).flatMap(({ entityType, property }) => lookupIndexes(model, entityType, property)),
    ...[...model.associations.values()].flatMap(linkIndexes),
  ])
}

interface Lookup {
  readonly entityType: string
  readonly property: string
}

function lookupsOf(model: StoredModel): readonly Lookup[] {
  return [...model.sources.values()].flatMap((source) => [
    ...source.entities.flatMap((mapping) =>
      mapping.properties.flatMap(({ name, by }) => {
        const property = model.entityTypes
          .get(mapping.entityType)
          ?.properties.find((each) => each.name === name)
        return property?.type === 'reference' && by !== undefined
          ? [{ entityType: property.to, property: by }]
          : []
      }),
    ),
    ...source.associations.flatMap((mapping) => {
      const association = model.associations.get(mapping.association)
      if (!association) return []
      return [
        { entityType: association.from, property: mapping.fromBy },
        { entityType: association.to, property: mapping.toBy },
      ]
    }),
  ])
}

function lookupIndexes(
  model: StoredModel,
  entityType: string,
  name: string,
): readonly (readonly [string, string])[] {
  return family(model, entityType).flatMap((type) => {
    const property = type.properties.find((each) => each.name === name)
    return property ? [index(entityTable(type.name), columnOf(property))] : []
  })
}

function linkIndexes(association: Association): readonly (readonly [string, string])[] {
  const table = linkTable(association.name)
  const single = { 'many-to-many': undefined, 'many-to-one': 'from_id', 'one-to-many': 'to_id' }[
    association.cardinality
  ]
  return [index(table, 'to_id'), ...(single ? [uniqueIndex(table, single)] : [])]
}

function index(table: string, column: string): readonly [string, string] {
  const name = shortened(`sluice_by_${table}_${column}`)
  return [
    name,
    `create index if not exists ${identifier(name)} on ${identifier(table)} (${identifier(column)})`,
  ]
}

function uniqueIndex(table: string, end: string): readonly [string, string] {
  const name = shortened(`sluice_one_${table}_${end}`)
  return [
    name,
    `create unique index if not exists ${identifier(name)} on ${identifier(table)} (source_id, ${identifier(end)})`,
  ]
}
