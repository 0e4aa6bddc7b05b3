/**
 * Link tables follow associations.
 *
 * @module
 */
import type { Association, EnumProperty, Property } from '@sluice/model'
import { changedRunColumn, columnOf, createdRunColumn, entityTable, linkTable } from '../layout/layout.ts'
import { commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { lostMembers } from './evolve-entity-types.ts'
import { propertyDefinitions, propertySteps } from './evolve-properties.ts'
import { counted, createTable, type Step, type Transition } from './step.ts'

/** Run before tables of entity types go, which say which links have lost an end. */
export function associationSteps(transition: Transition): readonly Step[] {
  const { before, after } = transition
  return [
    ...[...before.associations.values()].filter(({ name }) => !after.associations.has(name)).map(dropped),
    ...[...after.associations.values()].flatMap((association) => {
      const old = before.associations.get(association.name)
      return old ? changed(transition, old, association) : [created(association)]
    }),
  ]
}

function linksOf({ name }: Association): Table {
  return new Table(linkTable(name))
}

function created(association: Association): Step {
  const links = linksOf(association)
  const columns = [
    sql`source_id integer not null`,
    sql`from_id bigint not null`,
    sql`to_id bigint not null`,
    ...propertyDefinitions(links, association.properties),
    sql`${sql.identifier(createdRunColumn)} bigint`,
    sql`${sql.identifier(changedRunColumn)} bigint`,
    sql`primary key (source_id, from_id, to_id)`,
  ]
  return {
    change: `adds association ${association.name}`,
    statements: [statement(`evolve/add-association ${association.name}`, createTable(links, columns))],
  }
}

function dropped(association: Association): Step {
  const { name } = association
  const links = linksOf(association)
  return {
    change: `drops association ${name}`,
    statements: [
      statement(`evolve/drop-association ${name}`, sql`drop table ${links}`),
      statement(
        `evolve/forget-orphan-links ${name}`,
        sql`delete from sluice_orphan_link where association = ${sql.literal(name)}`,
      ),
    ],
    loss: {
      count: statement(`evolve/count-links ${name}`, sql`select count(*) as lost from ${links}`),
      what: (count) => `association ${name} would be lost, with ${counted(count, 'link')}`,
    },
  }
}

function changed(transition: Transition, old: Association, association: Association): readonly Step[] {
  const owner = {
    name: association.name,
    table: linksOf(association),
    forget: (property: string) =>
      old.properties.filter(({ name }) => name === property).map((one) => forgetWaiting(association, one)),
    forgetUnknown: (property: EnumProperty) => [forgetUnknownWaiting(association, property)],
  }
  return [
    ...lostMembers(transition, old.from, association.from).map((type) =>
      cut(association, sql`from_id`, type.name),
    ),
    ...lostMembers(transition, old.to, association.to).map((type) => cut(association, sql`to_id`, type.name)),
    ...(old.cardinality === association.cardinality ? [] : [cardinality(old, association)]),
    ...propertySteps(owner, old.properties, association.properties),
  ]
}

/** What waiting links have of a property that goes or changes its type: it would not be of that type. */
function forgetWaiting({ name }: Association, property: Property): Statement {
  const column = sql.literal(columnOf(property))
  return statement(
    `evolve/forget-waiting-values ${name}.${property.name}`,
    sql`update sluice_orphan_link w set properties = w.properties - ${column}
    where w.association = ${sql.literal(name)} and w.properties ->> ${column} is not null`,
  )
}

function forgetUnknownWaiting({ name }: Association, property: EnumProperty): Statement {
  const column = sql.literal(columnOf(property))
  const known = commas(property.values.map((value) => sql.value(value)))
  return statement(
    `evolve/forget-unknown-waiting-values ${name}.${property.name}`,
    sql`update sluice_orphan_link w set properties = w.properties - ${column}
    where w.association = ${sql.literal(name)} and w.properties ->> ${column} not in (${known})`,
  )
}

/** Links of which an end is not of the right type any more. */
function cut(association: Association, end: SQL, entityType: string): Step {
  const { name } = association
  const severed = sql`from ${linksOf(association)} l
    where l.${end} in (select o.resource_id from ${new Table(entityTable(entityType))} o)`
  return {
    change: `removes links of ${name} with a resource of ${entityType}`,
    statements: [statement(`evolve/cut-links ${name}`, sql`delete ${severed}`)],
    loss: {
      count: statement(`evolve/count-cut-links ${name}`, sql`select count(*) as lost ${severed}`),
      what: (count) =>
        `${counted(count, 'link')} of ${name} with a resource of ${entityType} would be deleted`,
    },
  }
}

/** Where an end may have one link from now on, the one to the oldest resource stays. */
function cardinality(old: Association, association: Association): Step {
  const { name } = association
  const change = `changes association ${name} from ${old.cardinality} to ${association.cardinality}`
  if (association.cardinality === 'many-to-many') return { change, statements: [] }
  const links = linksOf(association)
  const [single, other] =
    association.cardinality === 'many-to-one' ? [sql`from_id`, sql`to_id`] : [sql`to_id`, sql`from_id`]
  const surplus = sql`from ${links} l where exists (select from ${links} older
    where older.source_id = l.source_id and older.${single} = l.${single} and older.${other} < l.${other})`
  return {
    change,
    statements: [statement(`evolve/drop-surplus-links ${name}`, sql`delete ${surplus}`)],
    loss: {
      count: statement(`evolve/count-surplus-links ${name}`, sql`select count(*) as lost ${surplus}`),
      what: (count) =>
        `${counted(count, 'link')} of ${name} would be deleted to make it ${association.cardinality}`,
    },
  }
}
