/**
 * Finds what could not stand if a run were taken back: references and links to what would go, and to what is not there to come back to.
 *
 * What is left because of one may be what another one needs, so this goes on until nothing more is found.
 *
 * @module
 */
import type { EntityModel, Property } from '@sluice/model'
import {
  allOf,
  anyOf,
  columnOf,
  columnOfRow,
  isA,
  run,
  type Session,
  type SQL,
  sql,
  type Table,
  unionAll,
} from '@sluice/repository'
import { familyNames, type RunContext } from '../context/run-context.ts'
import { singleEnd } from '../sql/link-shape.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import { addConflicts, addLinkConflicts, isLeft, leaveConflicting } from './conflicts.ts'
import { requiredOf } from './find-conflicts.ts'
import { formerValue } from './former-values.ts'
import type { UndoneChanges, UndoneLinks, UndoneType } from './undone-changes.ts'

/** Leaves what conflicts, and what cannot be taken back without it. */
export async function findDangling(
  { session, model }: RunContext,
  undone: UndoneChanges,
  conflicts: Table,
): Promise<void> {
  const looking = { model, undone, conflicts }
  await leaveConflicting(session, conflicts, undone)
  while ((await findMore(session, looking)) > 0) await leaveConflicting(session, conflicts, undone)
}

interface Looking {
  readonly model: EntityModel
  readonly undone: UndoneChanges
  readonly conflicts: Table
}

async function findMore(session: Session, looking: Looking): Promise<number> {
  const { undone, conflicts } = looking
  let found = 0
  const add = async (statement: Parameters<typeof run>[1]) => {
    found += (await run(session, statement)).count
  }
  for (const one of undone.types) {
    for (const property of one.type.properties)
      if (property.type === 'reference')
        await add(addConflicts('find-lost-targets', conflicts, one, lostTargets(looking, one, property)))
    for (const users of usersOf(looking, one)) await add(addConflicts('find-in-use', conflicts, one, users))
  }
  for (const one of undone.links)
    await add(addLinkConflicts('find-lost-ends', conflicts, one, lostEnds(looking, one)))
  return found
}

function undoneOf({ undone }: Looking, type: string): Table | undefined {
  return undone.types.find((one) => one.type.name === type)?.table
}

/** Condition: a resource of the type or one that extends it, with this id, is there when the run is taken back. */
function willBeThere(looking: Looking, type: string, id: SQL): SQL {
  return anyOf(
    familyNames(looking.model, type).map((name) => {
      const table = undoneOf(looking, name)
      const stored = sql`exists (select from ${resourcesOf(name)} there where there.resource_id = ${id})`
      if (table === undefined) return stored
      const is = (operation: string) =>
        sql`exists (select from ${table} d where d.resource_id = ${id} and d.operation = ${sql.literal(operation)})`
      return sql`((${stored} and not ${is('insert')}) or ${is('delete')})`
    }),
  )
}

type ReferenceProperty = Extract<Property, { readonly type: 'reference' }>

/** References that cannot come back, because their target does not. */
function lostTargets(looking: Looking, { type, table }: UndoneType, property: ReferenceProperty): SQL {
  const [former] = formerValue(property, sql`u`).columns
  const value = former?.value ?? sql.null
  const name = sql.literal(property.name)
  const stored = columnOfRow(sql`o`, columnOf(property))
  return sql`select u.resource_id, case when u.operation = 'update' or not ${requiredOf(property)} then ${name} end as property, 'target_gone' as reason, null::bigint as run_id
    from ${table} u left join ${resourcesOf(type.name)} o on o.resource_id = u.resource_id
    where ((u.operation = 'update' and u.before ? ${name} and ${stored} is distinct from ${value})
        or (u.operation = 'delete' and o.resource_id is null))
      and ${value} is not null and not (${willBeThere(looking, property.to, value)})`
}

/** What points to resources that would go, and is not taken back itself: queries for `addConflicts`. */
function usersOf(looking: Looking, { type, table }: UndoneType): readonly SQL[] {
  const { model } = looking
  const going = sql`${table} u join ${resourcesOf(type.name)} gone on gone.resource_id = u.resource_id`
  const users: SQL[] = []
  for (const other of model.entityTypes.values()) {
    if (other.abstract) continue
    for (const property of other.properties)
      if (property.type === 'reference' && isA(model, type.name, property.to))
        users.push(referring(looking, going, other.name, property))
  }
  for (const association of model.associations.values())
    for (const end of ['from', 'to'] as const)
      if (isA(model, type.name, association[end])) users.push(linked(looking, going, association.name, end))
  // What the run itself has written, and is left, is nobody's later word.
  const since = sql`case when y.run_id > ${sql.literal(looking.undone.of.runId)} then y.run_id end`
  return users.map(
    (rows) =>
      sql`select distinct on (y.resource_id) y.resource_id, null::text collate "C" as property, 'in_use' as reason, ${since} as run_id from (${rows}) y
      order by y.resource_id, y.run_id desc`,
  )
}

function referring(looking: Looking, going: SQL, other: string, property: ReferenceProperty): SQL {
  const column = columnOfRow(sql`y`, columnOf(property))
  const name = sql.literal(property.name)
  const wrote = sql`(select max(h.run_id) from sluice_history h where h.resource_id = y.resource_id and h.after ? ${name})`
  const undone = undoneOf(looking, other)
  const letsGo =
    undone === undefined ? sql.blank : sql` and not exists (${lettingGo(looking, undone, other, property)})`
  return sql`select u.resource_id, coalesce(${wrote}, y._created_run) as run_id
    from ${going} join ${resourcesOf(other)} y on ${column} = u.resource_id where u.operation = 'insert'${letsGo}`
}

/** The row `y` goes itself, or its reference is taken back. */
function lettingGo({ conflicts }: Looking, undone: Table, other: string, property: ReferenceProperty): SQL {
  const [former] = formerValue(property, sql`w`).columns
  const name = sql.literal(property.name)
  const column = columnOfRow(sql`y`, columnOf(property))
  return sql`select from ${undone} w where w.resource_id = y.resource_id and (w.operation = 'insert'
    or (w.operation = 'update' and w.before ? ${name} and ${former?.value ?? sql.null} is distinct from ${column}
      and not ${isLeft(conflicts, other, sql`w`, name)}))`
}

function linked({ undone }: Looking, going: SQL, association: string, end: 'from' | 'to'): SQL {
  const links = undone.links.find((one) => one.association.name === association)
  const letsGo =
    links === undefined
      ? sql.blank
      : sql` and not exists (select from ${links.table} w where w.operation = 'insert' and w.source_id = l.source_id
          and w.from_id = l.from_id and w.to_id = l.to_id)`
  return sql`select u.resource_id, coalesce(l._changed_run, l._created_run) as run_id
    from ${going} join ${linksOf(association)} l on l.${sql.identifier(`${end}_id`)} = u.resource_id
    where u.operation = 'insert'${letsGo}`
}

/** Links that cannot come back: an end is not there, or has another link where it may have one. */
function lostEnds(looking: Looking, { association, table }: UndoneLinks): SQL {
  const { name, from, to } = association
  const absent = sql`not exists (select from ${linksOf(name)} l where l.source_id = u.source_id and l.from_id = u.from_id and l.to_id = u.to_id)`
  const both = allOf([willBeThere(looking, from, sql`u.from_id`), willBeThere(looking, to, sql`u.to_id`)])
  const lost = sql`select u.source_id, u.from_id, u.to_id, 'target_gone' as reason, null::bigint as run_id
    from ${table} u where u.operation = 'delete' and ${absent} and not (${both})`
  const single = singleEnd(association)
  if (single === undefined) return lost
  const end = sql.identifier(`${single}_id`)
  const taken = sql`select distinct on (u.source_id, u.from_id, u.to_id) u.source_id, u.from_id, u.to_id, 'taken' as reason, coalesce(l._changed_run, l._created_run) as run_id
    from ${table} u join ${linksOf(name)} l on l.${end} = u.${end} and (l.from_id, l.to_id) <> (u.from_id, u.to_id)
    where u.operation = 'delete' and ${absent}
      and not exists (select from ${table} w where w.operation = 'insert' and w.source_id = l.source_id and w.from_id = l.from_id and w.to_id = l.to_id)`
  return unionAll([lost, sql`select * from (${taken}) t`])
}
