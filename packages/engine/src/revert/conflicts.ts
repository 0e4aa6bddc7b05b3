/**
 * The list of what stands in the way of taking a run back, while it is made: a work table, read as people look at it.
 *
 * @module
 */
import type { ConflictReason, RevertConflict } from '@sluice/model'
import {
  one,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import { type DisplayContext, displayName } from '../sql/display-values.ts'
import type { UndoneChanges, UndoneLinks, UndoneType } from './undone-changes.ts'

/** Columns: of, resource_id or (source_id, from_id, to_id), property (null: the whole), reason, run_id, name. */
export async function beginConflicts({ workTables }: RunContext): Promise<Table> {
  const table = workTables.named('conflicts')
  await workTables.create(
    'revert/begin-conflicts',
    table,
    sql`of text collate "C", resource_id bigint, source_id integer, from_id bigint, to_id bigint, property text collate "C",
      reason text, run_id bigint`,
  )
  return table
}

/** `rows`: query of (resource_id, property, reason, run_id). What is in the list already is not added again. */
export function addConflicts(name: string, conflicts: Table, { type }: UndoneType, rows: SQL): Statement {
  const of = sql.literal(type.name)
  return statement(
    `revert/${name} ${type.name}`,
    sql`insert into ${conflicts} (of, resource_id, property, reason, run_id)
    select ${of}, x.resource_id, x.property, x.reason, x.run_id from (${rows}) x
    where not exists (select from ${conflicts} k where k.of = ${of} and k.resource_id = x.resource_id
      and (k.property is null or k.property = x.property))`,
  )
}

/** `rows`: query of (source_id, from_id, to_id, reason, run_id). */
export function addLinkConflicts(
  name: string,
  conflicts: Table,
  { association }: UndoneLinks,
  rows: SQL,
): Statement {
  const of = sql.literal(association.name)
  return statement(
    `revert/${name} ${association.name}`,
    sql`insert into ${conflicts} (of, source_id, from_id, to_id, reason, run_id)
    select ${of}, x.source_id, x.from_id, x.to_id, x.reason, x.run_id from (${rows}) x
    where not exists (select from ${conflicts} k where k.of = ${of} and k.source_id is not distinct from x.source_id
      and k.from_id = x.from_id and k.to_id = x.to_id)`,
  )
}

/** Condition: the value of a property (SQL) of the undone row `alias` is left as it is. */
export function isLeft(conflicts: Table, type: string, alias: SQL, property: SQL): SQL {
  return sql`exists (select from ${conflicts} k where k.of = ${sql.literal(type)} and k.resource_id = ${alias}.resource_id
    and k.property = ${property})`
}

/** What is left whole is undone no more; how many rows that are. */
export async function leaveConflicting(
  session: Session,
  conflicts: Table,
  { types, links }: Pick<UndoneChanges, 'types' | 'links'>,
): Promise<void> {
  for (const { type, table } of types)
    await run(
      session,
      statement(
        `revert/leave-conflicting ${type.name}`,
        sql`delete from ${table} u using ${conflicts} k
        where k.of = ${sql.literal(type.name)} and k.resource_id = u.resource_id and k.property is null`,
      ),
    )
  for (const { association, table } of links)
    await run(
      session,
      statement(
        `revert/leave-conflicting-links ${association.name}`,
        sql`delete from ${table} u using ${conflicts} k
        where k.of = ${sql.literal(association.name)} and k.source_id is not distinct from u.source_id
          and k.from_id = u.from_id and k.to_id = u.to_id`,
      ),
    )
}

export async function countConflicts(session: Session, conflicts: Table): Promise<number> {
  const counted = statement<{ count: number }>(
    'revert/count-conflicts',
    sql`select count(*)::int as count from ${conflicts}`,
  )
  return (await one(session, counted)).count
}

const mostRead = 100

interface ConflictRow {
  readonly of: string
  readonly resource_id: string | null
  readonly name: string
  readonly property: string | null
  readonly reason: ConflictReason
  readonly run: string | null
  readonly source: string | null
  readonly by: string | null
}

/** The first hundred, with the runs that wrote since. */
export async function readConflicts(
  { session, model }: RunContext,
  conflicts: Table,
  { types, links }: UndoneChanges,
): Promise<readonly RevertConflict[]> {
  const displays: DisplayContext = { model, changes: [] }
  const gone = (id: SQL) =>
    sql`(select past.key from sluice_history past where past.resource_id = ${id} order by past.run_id desc limit 1)`
  const called = (type: string, id: SQL) => displayName(displays, type, id, [gone(id)])
  const names = [
    ...types.map(
      ({ type }) =>
        sql`when k.of = ${sql.literal(type.name)} and k.resource_id is not null then ${called(type.name, sql`k.resource_id`)}`,
    ),
    ...links.map(
      ({ association: { name, from, to } }) =>
        sql`when k.of = ${sql.literal(name)} then ${called(from, sql`k.from_id`)} || ' > ' || ${called(to, sql`k.to_id`)}`,
    ),
  ]
  if (names.length === 0) return []
  const read = statement<ConflictRow>(
    'revert/read-conflicts',
    sql`select k.of, k.resource_id, case ${sql.join(names, ' ')} end as name, k.property, k.reason, k.run_id as run,
      source.name as source, run.by_name as by
    from (select * from ${conflicts} order by of, resource_id, from_id, to_id, property limit ${sql.literal(mostRead)}) k
    left join sluice_run run on run.run_id = k.run_id
    left join sluice_source source on source.source_id = run.source_id
    order by k.of, k.resource_id, k.from_id, k.to_id, k.property`,
  )
  const { rows } = await run(session, read)
  return rows.map(({ resource_id: resourceId, run: since, name, ...row }) => ({
    ...row,
    resourceId,
    name: name ?? '',
    run: since === null ? null : Number(since),
  }))
}
