/**
 * Tables follow entity types.
 *
 * @module
 */
import type { EntityType, ReferenceProperty } from '@sluice/model'
import {
  changedRunColumn,
  columnOf,
  createdRunColumn,
  entityTable,
  family,
  resourceIdColumn,
  resourceIdSequence,
  roomForUpdates,
} from '../layout/layout.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import { propertyDefinitions, propertySteps } from './evolve-properties.ts'
import { forgetDigests, forgetKnownTransactions } from './evolve-sources.ts'
import { counted, createTable, type Step, type Transition } from './step.ts'

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
      if (!hasTable(type))
        return old ? [] : [{ change: `adds abstract entity type ${type.name}`, statements: [] }]
      if (!old || !hasTable(old)) return [created(type)]
      const owner = {
        name: type.name,
        table: resourcesOf(type),
        forget: (property: string) => forget(transition, type, property),
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

function resourcesOf({ name }: EntityType): Table {
  return new Table(entityTable(name))
}

function created(type: EntityType): Step {
  const resources = resourcesOf(type)
  const columns = [
    sql`${sql.identifier(resourceIdColumn)} bigint primary key default nextval(${sql.literal(resourceIdSequence)})`,
    ...propertyDefinitions(resources, type.properties),
    sql`${sql.identifier(createdRunColumn)} bigint`,
    sql`${sql.identifier(changedRunColumn)} bigint`,
  ]
  return {
    change: `adds entity type ${type.name}`,
    statements: [
      statement(`evolve/add-entity-type ${type.name}`, createTable(resources, columns, roomForUpdates)),
    ],
  }
}

function dropped(type: EntityType, becomesAbstract: boolean): Step {
  const { name } = type
  const resources = resourcesOf(type)
  return {
    change: becomesAbstract ? `makes entity type ${name} abstract` : `drops entity type ${name}`,
    statements: [
      statement(`evolve/drop-entity-type ${name}`, sql`drop table ${resources}`),
      statement(
        `evolve/forget-orphan-references ${name}`,
        sql`delete from sluice_orphan_reference where entity_type = ${sql.literal(name)}`,
      ),
      forgetKnownTransactions(name),
    ],
    loss: {
      count: statement(`evolve/count-resources ${name}`, sql`select count(*) as lost from ${resources}`),
      what: (count) => `entity type ${name} would be lost, with ${counted(count, 'resource')}`,
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
  const about = `${type.name}.${property.name}`
  const resources = resourcesOf(type)
  const column = sql.identifier(columnOf(property))
  const misfit = sql`${column} in (select t.resource_id from ${resourcesOf(target)} t)`
  return {
    change: `empties references of ${about} to ${target.name}`,
    statements: [
      statement(
        `evolve/empty-references ${about}`,
        sql`update ${resources} set ${column} = null where ${misfit}`,
      ),
    ],
    loss: {
      count: statement(
        `evolve/count-emptied-references ${about}`,
        sql`select count(*) as lost from ${resources} where ${misfit}`,
      ),
      what: (count) =>
        `${counted(count, 'reference')} of ${about} would be lost, because ${target.name} is no ${property.to}`,
    },
  }
}

/** What the sources asserted of a property is read from them again. */
function forget(transition: Transition, type: EntityType, property: string): readonly Statement[] {
  return [
    statement(
      `evolve/forget-orphan-references ${type.name}.${property}`,
      sql`delete from sluice_orphan_reference
      where entity_type = ${sql.literal(type.name)} and property = ${sql.literal(property)}`,
    ),
    ...forgetDigests(transition, type.name),
  ]
}
