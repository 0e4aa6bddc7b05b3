/**
 * Link tables follow associations.
 *
 * @module
 */
import type { Association } from '@sluice/model'
import {
  changedRunColumn,
  createdRunColumn,
  entityTable,
  identifier,
  linkTable,
  literal,
  resourceIdColumn,
} from '../layout/layout.ts'
import { lostMembers } from './evolve-entity-types.ts'
import { columnDefinitions, propertySteps } from './evolve-properties.ts'
import { counted, type Step, type Transition } from './step.ts'

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

function created(association: Association): Step {
  const table = linkTable(association.name)
  const columns = [
    'source_id integer not null',
    'from_id bigint not null',
    'to_id bigint not null',
    ...association.properties.flatMap((property) => columnDefinitions(table, property)),
    `${createdRunColumn} bigint`,
    `${changedRunColumn} bigint`,
    'primary key (source_id, from_id, to_id)',
  ]
  return {
    change: `adds association ${association.name}`,
    sql: [`create table ${identifier(table)} (\n  ${columns.join(',\n  ')}\n)`],
  }
}

function dropped(association: Association): Step {
  const table = identifier(linkTable(association.name))
  return {
    change: `drops association ${association.name}`,
    sql: [
      `drop table ${table}`,
      `delete from sluice_orphan_link where association = ${literal(association.name)}`,
    ],
    loss: {
      count: `select count(*) as lost from ${table}`,
      what: (count) => `association ${association.name} would go with ${counted(count, 'link')}`,
    },
  }
}

function changed(transition: Transition, old: Association, association: Association): readonly Step[] {
  const owner = { name: association.name, table: linkTable(association.name), forget: () => [] }
  return [
    ...lostMembers(transition, old.from, association.from).map((type) =>
      cut(association, 'from_id', type.name),
    ),
    ...lostMembers(transition, old.to, association.to).map((type) => cut(association, 'to_id', type.name)),
    ...(old.cardinality === association.cardinality ? [] : [cardinality(old, association)]),
    ...propertySteps(owner, old.properties, association.properties),
  ]
}

/** Links of which an end is not of the right type any more. */
function cut(association: Association, end: 'from_id' | 'to_id', entityType: string): Step {
  const from = `from ${identifier(linkTable(association.name))}
    where ${end} in (select ${resourceIdColumn} from ${identifier(entityTable(entityType))})`
  return {
    change: `removes links of ${association.name} with a resource of ${entityType}`,
    sql: [`delete ${from}`],
    loss: {
      count: `select count(*) as lost ${from}`,
      what: (count) =>
        `${counted(count, 'link')} of ${association.name} with a resource of ${entityType} would go`,
    },
  }
}

/** Where an end may have one link from now on, the one to the oldest resource stays. */
function cardinality(old: Association, association: Association): Step {
  const change = `changes association ${association.name} from ${old.cardinality} to ${association.cardinality}`
  if (association.cardinality === 'many-to-many') return { change, sql: [] }
  const table = identifier(linkTable(association.name))
  const [single, other] =
    association.cardinality === 'many-to-one' ? ['from_id', 'to_id'] : ['to_id', 'from_id']
  const surplus = `from ${table} link where exists (select from ${table} first
    where first.source_id = link.source_id and first.${single} = link.${single} and first.${other} < link.${other})`
  return {
    change,
    sql: [`delete ${surplus}`],
    loss: {
      count: `select count(*) as lost ${surplus}`,
      what: (count) =>
        `${counted(count, 'link')} of ${association.name} would go to make it ${association.cardinality}`,
    },
  }
}
