/**
 * Turns what is undone into the change set of its entity types and links: what the run inserted is deleted, what it deleted comes back under
 * its own id, what it changed is as it was.
 *
 * @module
 */
import type { EntityModel, Property } from '@sluice/model'
import {
  anyOf,
  columnOf,
  columnOfRow,
  columnsOf,
  more,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { changeTableOf, type EntityChanges, noEntityChanges, withTable } from '../changes/entity-changes.ts'
import type { LinkChangeTable } from '../changes/finish-change-set.ts'
import { changeOrphanReferences } from '../changes/orphan-changes.ts'
import type { RunContext } from '../context/run-context.ts'
import { displayText } from '../sql/display-values.ts'
import { peopleId } from '../sql/people.ts'
import { placeOf, versionOf } from '../sql/row-version.ts'
import { columnNames, linkColumns, linksOf, orphanReferences, resourcesOf } from '../sql/tables.ts'
import { isLeft } from './conflicts.ts'
import { formerValue } from './former-values.ts'
import type { UndoneChanges, UndoneLinks, UndoneType } from './undone-changes.ts'

export async function layOutFormer(
  context: RunContext,
  { types }: UndoneChanges,
  conflicts: Table,
): Promise<EntityChanges> {
  let changes = noEntityChanges
  for (const undone of types) {
    const { name } = undone.type
    const { table } = await context.workTables.fill(
      changeTableOf(context, name),
      formerResources(context.model, undone, conflicts),
    )
    changes = withTable(changes, name, table)
    await forgetWaiting(context, undone, table)
  }
  return changes
}

/** A reference that points somewhere again waits for nobody. */
async function forgetWaiting(
  { session, runId }: RunContext,
  { type }: UndoneType,
  changes: Table,
): Promise<void> {
  const pointing = type.properties.flatMap((property) =>
    property.type === 'reference'
      ? [
          sql`(w.property = ${sql.literal(property.name)} and ${columnOfRow(sql`c`, columnOf(property))} is not null)`,
        ]
      : [],
  )
  if (pointing.length === 0) return
  await run(
    session,
    changeOrphanReferences(
      `revert/forget-waiting ${type.name}`,
      runId,
      sql`select 'delete', w.source_id, w.entity_type, w.resource_id, w.property, w.value
      from ${changes} c join ${orphanReferences} w on w.resource_id = c.resource_id
      where c._operation = 'update' and ${anyOf(pointing)}`,
    ),
  )
}

function formerResources(model: EntityModel, { type, table }: UndoneType, conflicts: Table): Statement {
  const former = new Map(type.properties.flatMap((property) => formerColumns(type.name, property, conflicts)))
  const columns = columnNames(type).map((name) => {
    const stored = columnOfRow(sql`o`, name)
    return sql`case u.operation when 'insert' then ${stored} else ${former.get(name) ?? stored} end as ${sql.identifier(name)}`
  })
  const differs = columnNames(type).map(
    (name) => sql`${columnOfRow(sql`c`, name)} is distinct from ${columnOfRow(sql`s`, name)}`,
  )
  return statement(
    `revert/lay-out ${type.name}`,
    sql`select case when c._undone = 'update' and not ${anyOf(differs)} then 'same' else c._does end as _operation,
      c.resource_id, coalesce(c._shown, ${displayText(model, type, sql`c`)}) as _key, c._base_version, c._base_place, null::boolean as _drift${more(columnNames(type).map((name) => columnOfRow(sql`c`, name)))}
    from (
      select u.operation as _undone, case u.operation when 'insert' then 'delete' when 'delete' then 'insert' else 'update' end as _does,
        u.resource_id, coalesce(u.key, ${displayText(model, type, sql`o`)}) as _shown, ${versionOf(sql`o`)} as _base_version, ${placeOf(sql`o`)} as _base_place${more(columns)}
      from ${table} u left join ${resourcesOf(type.name)} o on o.resource_id = u.resource_id
      where (u.operation = 'delete') = (o.resource_id is null)) c
    left join ${resourcesOf(type.name)} s on s.resource_id = c.resource_id`,
  )
}

/** Of each column, what it becomes where the run changed it or deleted the resource. */
function formerColumns(
  type: string,
  property: Property,
  conflicts: Table,
): readonly (readonly [name: string, value: SQL])[] {
  const name = sql.literal(property.name)
  const left = isLeft(conflicts, type, sql`u`, name)
  return formerValue(property, sql`u`).columns.map(({ name: column, value }) => {
    const stored = columnOfRow(sql`o`, column)
    return [
      column,
      sql`case when u.operation = 'update' and not u.before ? ${name} then ${stored} when ${left} then ${stored} else ${value} end`,
    ]
  })
}

/** `present`: link changes that follow from the resources; what is among them is not laid out again. */
export async function layOutFormerLinks(
  context: RunContext,
  { links }: UndoneChanges,
  present: readonly LinkChangeTable[],
): Promise<readonly LinkChangeTable[]> {
  const laidOut: LinkChangeTable[] = []
  for (const undone of links) {
    const following = present.filter(({ association }) => association === undone.association.name)
    for (const of of await writersOf(context, undone)) {
      const { table, count } = await context.workTables.fill(
        context.workTables.named('link_changes', `undone_${of.id}_${undone.association.name}`),
        formerLinks(undone, of.id, following),
      )
      if (count > 0) laidOut.push({ source: of.name, association: undone.association.name, table })
      else await context.workTables.drop([table])
    }
  }
  return laidOut
}

async function writersOf(
  { session }: RunContext,
  { association, table }: UndoneLinks,
): Promise<readonly { readonly id: number; readonly name: string | null }[]> {
  const writers = statement<{ id: number; name: string | null }>(
    `revert/writers-of-links ${association.name}`,
    sql`select distinct u.source_id as id, source.name from ${table} u
    left join sluice_source source on source.source_id = u.source_id
    where u.source_id = ${sql.literal(peopleId)} or source.name is not null order by u.source_id`,
  )
  return (await run(session, writers)).rows
}

function formerLinks(
  { association, table }: UndoneLinks,
  sourceId: number,
  following: readonly LinkChangeTable[],
): Statement {
  const columns = association.properties.flatMap((property) => {
    const name = sql.literal(property.name)
    const changed = sql`(u.operation = 'delete' or u.before ? ${name})`
    return formerValue(property, sql`u`).columns.map(
      ({ name: column, value }) =>
        sql`case when u.operation <> 'insert' and ${changed} then ${value} else ${columnOfRow(sql`l`, column)} end as ${sql.identifier(column)}`,
    )
  })
  const others = following.map(
    ({ table: other }) =>
      sql` and not exists (select from ${other} p where p.source_id = u.source_id and p.from_id = u.from_id and p.to_id = u.to_id)`,
  )
  const differs = linkColumns(association).map((column) => sql`c.${column} is distinct from s.${column}`)
  return statement(
    `revert/lay-out-links ${association.name}`,
    sql`select c._operation, null::boolean as _drift, c.source_id, c.from_id, c.to_id${more(linkColumns(association).map((column) => sql`c.${column}`))}
    from (
      select case u.operation when 'insert' then 'delete' when 'delete' then 'insert' else 'update' end as _operation,
        u.source_id, u.from_id, u.to_id${more(columns)}
      from ${table} u left join ${linksOf(association.name)} l
        on l.source_id = u.source_id and l.from_id = u.from_id and l.to_id = u.to_id
      where u.source_id = ${sql.literal(sourceId)} and (u.operation = 'delete') = (l.from_id is null)${sql.join(others, '')}) c
    left join ${linksOf(association.name)} s on s.source_id = c.source_id and s.from_id = c.from_id and s.to_id = c.to_id
    where c._operation <> 'update' or ${anyOf(differs)}`,
  )
}

/** The columns of file properties beside the content are among them. */
export function changedProperty(property: Property, change: SQL, stored: SQL): SQL {
  return anyOf(
    columnsOf(property).map(
      ({ name }) => sql`${columnOfRow(change, name)} is distinct from ${columnOfRow(stored, name)}`,
    ),
  )
}
