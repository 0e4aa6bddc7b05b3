/**
 * Tables follow entity types.
 *
 * @module
 */
import type { EntityType, ReferenceProperty, StoredModel } from '@sluice/model'
import {
  changedRunColumn,
  columnOf,
  createdRunColumn,
  entityTable,
  family,
  identifier,
  literal,
  replicaTable,
  resourceIdColumn,
  resourceIdSequence,
  roomForUpdates,
} from '../layout/layout.ts'
import { columnDefinitions, propertySteps } from './evolve-properties.ts'
import { counted, type Step, type Transition } from './step.ts'

/** References first, which still need the tables that go; then the tables. */
export function entityTypeSteps(transition: Transition): readonly Step[] {
  const { before, after } = transition
  const gone = [...before.entityTypes.values()].filter(
    (type) => hasTable(type) && !hasTable(after.entityTypes.get(type.name)),
  )
  return [
    ...[...after.entityTypes.values()].flatMap((type) => referenceSteps(transition, type)),
    ...gone.map((type) => dropped(type, after.entityTypes.has(type.name))),
    ...[...after.entityTypes.values()].flatMap((type) => {
      const old = before.entityTypes.get(type.name)
      if (!hasTable(type)) return old ? [] : [{ change: `adds abstract entity type ${type.name}`, sql: [] }]
      if (!old || !hasTable(old)) return [created(type)]
      const owner = {
        name: type.name,
        table: entityTable(type.name),
        forget: (property: string) => forget(before, type, property),
      }
      return propertySteps(owner, old.properties, type.properties)
    }),
  ]
}

/**
 * Concrete types that could stand for `old` and no longer can stand for `now`: because they went,
 * became abstract, were moved in the tree, or because something else is pointed to.
 */
export function lostMembers(transition: Transition, old: string, now: string): readonly EntityType[] {
  const kept = new Set(family(transition.after, now).map(({ name }) => name))
  return family(transition.before, old).filter(({ name }) => !kept.has(name))
}

function hasTable(type: EntityType | undefined): boolean {
  return type !== undefined && !type.abstract
}

function created(type: EntityType): Step {
  const table = entityTable(type.name)
  const columns = [
    `${resourceIdColumn} bigint primary key default nextval(${literal(resourceIdSequence)})`,
    ...type.properties.flatMap((property) => columnDefinitions(table, property)),
    `${createdRunColumn} bigint`,
    `${changedRunColumn} bigint`,
  ]
  return {
    change: `adds entity type ${type.name}`,
    sql: [`create table ${identifier(table)} (\n  ${columns.join(',\n  ')}\n) ${roomForUpdates}`],
  }
}

function dropped(type: EntityType, becomesAbstract: boolean): Step {
  const table = identifier(entityTable(type.name))
  return {
    change: becomesAbstract ? `makes entity type ${type.name} abstract` : `drops entity type ${type.name}`,
    sql: [
      `drop table ${table}`,
      `delete from sluice_orphan_reference where entity_type = ${literal(type.name)}`,
      `delete from sluice_known_transaction where entity_type = ${literal(type.name)}`,
    ],
    loss: {
      count: `select count(*) as lost from ${table}`,
      what: (count) => `entity type ${type.name} would go with ${counted(count, 'resource')}`,
    },
  }
}

/** References that stay, but whose targets do not fit any more, become absent. */
function referenceSteps(transition: Transition, type: EntityType): readonly Step[] {
  const old = transition.before.entityTypes.get(type.name)
  if (!hasTable(type) || !old || !hasTable(old)) return []
  const pairs = type.properties.flatMap((property) => {
    const before = old.properties.find(({ name }) => name === property.name)
    return property.type === 'reference' && before?.type === 'reference' ? [{ before, property }] : []
  })
  return pairs.flatMap(({ before, property }) =>
    lostMembers(transition, before.to, property.to).map((target) => emptied(type, property, target)),
  )
}

function emptied(type: EntityType, property: ReferenceProperty, target: EntityType): Step {
  const table = identifier(entityTable(type.name))
  const column = identifier(columnOf(property))
  const condition = `${column} in (select ${resourceIdColumn} from ${identifier(entityTable(target.name))})`
  return {
    change: `empties references of ${type.name}.${property.name} to ${target.name}`,
    sql: [`update ${table} set ${column} = null where ${condition}`],
    loss: {
      count: `select count(*) as lost from ${table} where ${condition}`,
      what: (count) =>
        `${counted(count, 'reference')} of ${type.name}.${property.name} would go, because ${target.name} is no ${property.to}`,
    },
  }
}

/** The replicas forget what was asserted, so that the next complete run reads every row anew. */
function forget(model: StoredModel, type: EntityType, property: string): readonly string[] {
  const sources = [...model.sources.values()].filter((source) =>
    source.entities.some(({ entityType }) => entityType === type.name),
  )
  return [
    `delete from sluice_orphan_reference
     where entity_type = ${literal(type.name)} and property = ${literal(property)}`,
    ...sources.map(
      (source) =>
        `update ${identifier(replicaTable(source.name, type.name))} set digest = null where digest is not null`,
    ),
  ]
}
