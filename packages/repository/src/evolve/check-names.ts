/**
 * Finds names of a model that cannot all be tables and columns of one schema.
 *
 * @module
 */
import { reservedEntityColumns, reservedLinkColumns, type StoredModel } from '@sluice/model'
import {
  columnsOf,
  entityTable,
  familyView,
  hasFamilyView,
  linkTable,
  longestIdentifier,
  replicaTable,
} from '../layout/layout.ts'

interface Name {
  /** In the database. */
  readonly name: string
  /** Who wants it: `entity type Person`. */
  readonly of: string
}

const kept = (names: readonly string[]): readonly Name[] =>
  names.map((name) => ({ name, of: 'Sluice or PostgreSQL' }))

/** Each problem as half a sentence; none when all names fit. */
export function checkNames(model: StoredModel): readonly string[] {
  const types = [...model.entityTypes.values()]
  const associations = [...model.associations.values()]
  const relations = relationsOf(model)
  const columnSets = [
    ...types.map((owner) => ({ owner, reserved: reservedEntityColumns })),
    ...associations.map((owner) => ({ owner, reserved: reservedLinkColumns })),
  ].map(({ owner, reserved }) => [
    ...kept(reserved),
    ...owner.properties.flatMap((property) =>
      columnsOf(property).map(({ name }) => ({ name, of: `property ${owner.name}.${property.name}` })),
    ),
  ])
  return [
    ...relations
      .filter(({ name }) => name.startsWith('sluice_'))
      .map(({ of }) => `${of} begins with sluice_, which is reserved`),
    ...[relations, ...columnSets].flatMap((names) => [...tooLong(names), ...collisions(names)]),
  ]
}

function relationsOf(model: StoredModel): readonly Name[] {
  return [
    ...[...model.entityTypes.values()].flatMap((type) => [
      { name: entityTable(type.name), of: `entity type ${type.name}` },
      ...(hasFamilyView(model, type)
        ? [{ name: familyView(type.name), of: `the view of ${type.name}` }]
        : []),
    ]),
    ...[...model.associations.keys()].map((name) => ({ name: linkTable(name), of: `association ${name}` })),
    ...[...model.sources.values()].flatMap((source) =>
      source.entities.map(({ entityType }) => ({
        name: replicaTable(source.name, entityType),
        of: `the replicas of ${entityType} from ${source.name}`,
      })),
    ),
  ]
}

function tooLong(names: readonly Name[]): readonly string[] {
  return names
    .filter(({ name }) => Buffer.byteLength(name) > longestIdentifier)
    .map(({ name, of }) => `${of} becomes "${name}", which is longer than ${longestIdentifier} bytes`)
}

function collisions(names: readonly Name[]): readonly string[] {
  const first = new Map<string, Name>()
  const problems: string[] = []
  for (const name of names) {
    const other = first.get(name.name)
    if (other) problems.push(`${other.of} and ${name.of} both become "${name.name}"`)
    else first.set(name.name, name)
  }
  return problems
}
