/**
 * Finds links that somebody has written since a run.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { allOf, run, type SQL, sql, type Table } from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { linksOf } from '../sql/tables.ts'
import { addLinkConflicts } from './conflicts.ts'
import { isAsBefore, isAsLeft } from './former-values.ts'
import type { UndoneChanges, UndoneLinks } from './undone-changes.ts'

export async function findLinkConflicts(
  { session }: RunContext,
  { of, links }: UndoneChanges,
  conflicts: Table,
): Promise<void> {
  for (const one of links)
    await run(
      session,
      addLinkConflicts('find-links-changed-since', conflicts, one, changedSince(one, of.runId)),
    )
}

function changedSince({ association, table }: UndoneLinks, runId: number): SQL {
  const name = sql.literal(association.name)
  const { properties } = association
  // An update tells what it changed, and nothing of the rest.
  const changed = (property: Property, is: SQL) =>
    sql`((u.operation = 'update' and not u.before ? ${sql.literal(property.name)}) or ${is})`
  const asLeft = allOf(properties.map((one) => changed(one, isAsLeft(one, sql`u`, sql`l`))))
  const asBefore = allOf(properties.map((one) => changed(one, isAsBefore(one, sql`u`, sql`l`))))
  const since = sql`(select max(h.run_id) from sluice_link_history h where h.association = ${name} and h.run_id > ${sql.literal(runId)}
    and h.from_id = u.from_id and h.to_id = u.to_id and h.source_id = u.source_id)`
  const nothingToDo = sql`case u.operation when 'insert' then x.gone when 'delete' then not x.gone else not x.gone and x.as_before end`
  return sql`select u.source_id, u.from_id, u.to_id,
      case when u.source_id is null then 'not_recorded' when x.gone and u.operation = 'update' then 'gone' else 'changed' end as reason, x.run_id
    from ${table} u cross join lateral (
      select l.from_id is null as gone, ${asLeft} as as_left, ${asBefore} as as_before, ${since} as run_id
      from (select) one left join ${linksOf(association.name)} l on l.source_id = u.source_id and l.from_id = u.from_id and l.to_id = u.to_id) x
    where u.source_id is null or (not ${nothingToDo}
      and (x.run_id is not null or x.gone <> (u.operation = 'delete') or (not x.gone and not x.as_left)))`
}
