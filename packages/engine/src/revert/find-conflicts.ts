/**
 * Finds what has come since a run, and would be overwritten or could not stand if the run were taken back: in the resources themselves.
 *
 * A value or resource that a later run has written is a conflict, even where it has written the same again: somebody has meant it. One that is
 * as it was before the run already is none.
 *
 * @module
 */
import { ownershipOf, type Property } from '@sluice/model'
import {
  allOf,
  columnOfRow,
  commas,
  run,
  type SQL,
  type Statement,
  sql,
  type Table,
  unionAll,
} from '@sluice/repository'
import { type RunContext, sourcesByName } from '../context/run-context.ts'
import { hasPrecision } from '../sql/history-precision.ts'
import { isUnseen } from '../sql/row-version.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'
import { addConflicts } from './conflicts.ts'
import { formerValue, isAsBefore, isAsLeft } from './former-values.ts'
import type { UndoneChanges, UndoneType } from './undone-changes.ts'

export async function findConflicts(
  context: RunContext,
  { of, types }: UndoneChanges,
  conflicts: Table,
): Promise<void> {
  for (const undone of types) {
    const steps = [
      addConflicts('find-changed-since', conflicts, undone, changedSince(undone, of.runId)),
      addConflicts('find-gone-since', conflicts, undone, goneSince(undone, of.runId)),
      addConflicts('find-written-since', conflicts, undone, writtenSince(undone, of.runId)),
      addConflicts('find-lost-values', conflicts, undone, lostValues(undone)),
      ...replicaSteps(context, undone, of.runId, conflicts),
    ]
    for (const step of steps) await run(context.session, step)
  }
}

/** SQL: the last run since that did this to the resource of `u`; null where none did. */
function lastRun(runId: number, condition: SQL): SQL {
  return sql`(select max(h.run_id) from sluice_history h
    where h.resource_id = u.resource_id and h.run_id > ${sql.literal(runId)} and ${condition})`
}

const noProperty = sql`null::text collate "C"`
const undoneOf = (table: Table): SQL => sql`${table} u`

/** Values that another run, or somebody else, has written since. */
function changedSince({ type, table }: UndoneType, runId: number): SQL {
  const { properties } = type
  if (properties.length === 0) return nothing
  const values = properties.map((property) => {
    const { isRecorded, unrecorded, fits } = formerValue(property, sql`u`)
    const name = sql.literal(property.name)
    const open = sql`(u.before ? ${name} and not (${isAsBefore(property, sql`u`, sql`o`)}))`
    const changed = sql.literal(hasPrecision([property]) ? 'unkept' : 'changed')
    return sql`(${name}, ${open}, ${isAsLeft(property, sql`u`, sql`o`)}, ${isRecorded}, ${sql.literal(unrecorded)}, ${fits}, ${changed})`
  })
  const wrote = lastRun(
    runId,
    sql`h.operation = 'update' and (h.before ? v.property or h.after ? v.property)`,
  )
  return sql`select x.resource_id, x.property, case when not x.recorded then x.unrecorded when not x.fits then 'unfitting'
        when x.run_id is null then x.changed else 'changed' end as reason, x.run_id
    from (select u.resource_id, v.*, case when v.open then ${wrote} end as run_id
      from ${undoneOf(table)} join ${resourcesOf(type.name)} o on o.resource_id = u.resource_id
      cross join lateral (values ${commas(values)}) v(property, open, as_left, recorded, unrecorded, fits, changed)
      where u.operation = 'update') x
    where x.open and (x.run_id is not null or not (x.as_left and x.recorded and x.fits))`
}

const nothing = sql`select null::bigint as resource_id, null::text as property, null::text as reason, null::bigint as run_id where false`

/** Resources that the run changed, and that are not there any more. */
function goneSince({ type, table }: UndoneType, runId: number): SQL {
  return sql`select u.resource_id, ${noProperty} as property, 'gone' as reason, ${lastRun(runId, sql`h.operation = 'delete'`)} as run_id
    from ${undoneOf(table)} where u.operation = 'update'
      and not exists (select from ${resourcesOf(type.name)} o where o.resource_id = u.resource_id)`
}

/** Resources that the run inserted, and that have been written since. */
function writtenSince({ type, table }: UndoneType, runId: number): SQL {
  const asLeft = type.properties.map((property) => isAsLeft(property, sql`u`, sql`o`))
  const untouched = sql`case when u.after is null then not ${isUnseen(sql`o`, type.name)} else ${allOf(asLeft)} end`
  const reason = hasPrecision(type.properties)
    ? sql`case when x.run_id is null then 'unkept' else 'changed' end`
    : sql`'changed'`
  return sql`select x.resource_id, ${noProperty} as property, ${reason} as reason, x.run_id
    from (select u.resource_id, ${lastRun(runId, sql.true)} as run_id, ${untouched} as untouched
      from ${undoneOf(table)} join ${resourcesOf(type.name)} o on o.resource_id = u.resource_id
      where u.operation = 'insert') x
    where x.run_id is not null or not x.untouched`
}

/** Of resources that come back: values that cannot. Where one is required, the resource cannot either. */
function lostValues({ type, table }: UndoneType): SQL {
  if (type.properties.length === 0) return nothing
  const values = type.properties.map((property) => {
    const { isRecorded, unrecorded, fits } = formerValue(property, sql`u`)
    return sql`(${sql.literal(property.name)}, ${requiredOf(property)}, ${isRecorded}, ${sql.literal(unrecorded)}, ${fits})`
  })
  return sql`select distinct u.resource_id, case when not v.required then v.property end as property,
      case when not v.recorded then v.unrecorded else 'unfitting' end as reason, null::bigint as run_id
    from ${undoneOf(table)} cross join lateral (values ${commas(values)}) v(property, required, recorded, unrecorded, fits)
    where u.operation = 'delete' and not (v.recorded and v.fits)
      and not exists (select from ${resourcesOf(type.name)} o where o.resource_id = u.resource_id)`
}

export function requiredOf({ required }: Property): SQL {
  return required ? sql.true : sql.false
}

/** What sources have made of their rows since. */
function replicaSteps(
  { sources }: RunContext,
  undone: UndoneType,
  runId: number,
  conflicts: Table,
): readonly Statement[] {
  const { type, table } = undone
  const { owners, shared } = ownershipOf(sourcesByName(sources), type.name)
  const all = owners.flatMap(({ source, entityType: held }) => {
    const id = sources.get(source.name)?.id
    return id === undefined ? [] : [{ id, held, replicas: replicasOf(source.name, held) }]
  })
  if (all.length === 0) return []
  const again = all.map(
    ({
      id,
      held,
      replicas,
    }) => sql`select u.resource_id, ${noProperty} as property, 'again' as reason, o._created_run as run_id
      from ${undoneOf(table)}
      join sluice_replica_history g on g.run_id = ${sql.literal(runId)} and g.resource_id = u.resource_id
        and g.entity_type = ${sql.literal(held)} and g.source_id = ${sql.literal(id)} and g.operation in ('delete', 'detach')
      join ${replicas} r on r.key = g.key and r.resource_id <> u.resource_id
      left join ${resourcesOf(type.name)} o on o.resource_id = r.resource_id
      where u.operation = 'delete'
        and not exists (select from ${table} made where made.resource_id = r.resource_id and made.operation = 'insert')`,
  )
  const found = all.map(
    ({
      replicas,
    }) => sql`select u.resource_id, ${noProperty} as property, 'in_use' as reason, ${columnOfRow(sql`r`, 'attached_run')} as run_id
      from ${undoneOf(table)} join ${replicas} r on r.resource_id = u.resource_id
      join ${resourcesOf(type.name)} o on o.resource_id = u.resource_id
      where u.operation = 'insert' and r.attached_run > ${sql.literal(runId)}`,
  )
  const distinct = (rows: readonly SQL[]) =>
    sql`select distinct on (y.resource_id) y.* from (${unionAll(rows)}) y order by y.resource_id, y.run_id desc`
  return [
    addConflicts('find-brought-again', conflicts, undone, distinct(again)),
    ...(shared ? [addConflicts('find-found-since', conflicts, undone, distinct(found))] : []),
  ]
}
