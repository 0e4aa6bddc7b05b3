/**
 * Writes what a run leaves of the replicas of a shared type.
 *
 * A client may have written a row since the run has read it: then the replica stays modified, and what the client wrote waits for the next
 * run; a row that was to go stays.
 *
 * @module
 */
import { type EntityModel, primaryKeyColumn } from '@sluice/model'
import {
  anyOf,
  exists,
  family,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { withoutIndexes } from '../context/without-indexes.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'
import { measureGrown } from './measure-grown.ts'
import { rememberMatches } from './remember-matches.ts'
import { settleActions } from './settle-actions.ts'

type StatusEntry = ChangeSet['statuses'][number]

export async function applyStatuses({ session, model, runId }: Applying, entry: StatusEntry): Promise<void> {
  if (entry.onlyWrites !== true) {
    await run(session, deleteRows(entry, runId))
    await run(session, detachRows(model, entry))
    await run(session, inheritRights(entry, runId))
    await run(session, moveReplicas(entry))
  }
  const added =
    entry.arriving === undefined ? 0 : await addArrivals({ session, runId }, entry, entry.arriving)
  const { count } = await run(session, writeStatuses(entry, runId))
  const grown = { count: added + count }
  const columns = ['key', 'resource_id', 'status', 'absent_since']
  await measureGrown(session, { ...grown, table: replicasOf(entry.source, entry.entityType), columns })
  await measureGrown(session, { ...grown, table: new Table(entry.asserted), columns: [primaryKeyColumn] })
  if (entry.queue === true || entry.acted === true) await run(session, unlinkRows(entry, runId))
  if (entry.queue === true) await rememberMatches({ session, runId }, entry)
  if (entry.acted === true) await settleActions({ session }, entry)
}

function sourceIdOf(source: string): SQL {
  return sql`(select source_id from sluice_source where name = ${sql.value(source)})`
}

/** The trigger of the table takes the replicas along. Both are remembered whole, or the run could not be taken back. */
function deleteRows({ source, entityType, asserted, table }: StatusEntry, runId: number): Statement {
  return statement(
    `apply/delete-asserted ${entityType}`,
    sql`with gone as (
      delete from ${new Table(asserted)} v using ${new Table(table)} c, ${replicasOf(source, entityType)} r
      where c.operation = 'delete' and v.primary_key = c.key and r.key = c.key and r.revision = c.revision
      returning r.key, r.resource_id, to_jsonb(v) as asserted, to_jsonb(r) as replica)
    insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation, asserted, replica)
    select ${sql.literal(runId)}, ${sourceIdOf(source)}, ${sql.literal(entityType)}, g.key, g.resource_id, 'delete', g.asserted, g.replica from gone g`,
  )
}

/** A row that came back just then makes its resource anew, where that went. */
function detachRows(model: EntityModel, { source, entityType, table }: StatusEntry): Statement {
  const isThere = family(model, entityType).map(
    ({ name }) => sql`exists (select from ${resourcesOf(name)} o where o.resource_id = r.resource_id)`,
  )
  return statement(
    `apply/detach-rows ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set status = 'new', resource_id = null, creator = false, attached_run = null
    from ${new Table(table)} c where c.operation = 'delete' and r.key = c.key
      and not ${anyOf(isThere)}`,
  )
}

/** Remembered, or the right could not go back when the run is taken back. */
function inheritRights({ source, entityType, table }: StatusEntry, runId: number): Statement {
  return statement(
    `apply/inherit-rights ${entityType}`,
    sql`with heirs as (
      update ${replicasOf(source, entityType)} r set creator = true from ${new Table(table)} c
      where c.operation = 'inherit' and r.key = c.key and not r.creator
      returning r.key, r.resource_id)
    insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation)
    select ${sql.literal(runId)}, ${sourceIdOf(source)}, ${sql.literal(entityType)}, h.key, h.resource_id, 'inherit' from heirs h`,
  )
}

/** To the resource that theirs became. */
function moveReplicas({ source, entityType, table }: StatusEntry): Statement {
  return statement(
    `apply/move-replicas ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set resource_id = c.resource_id from ${new Table(table)} c
    where c.operation = 'move' and r.key = c.key`,
  )
}

/** What a row asserts of a resource that it leaves is nobody's any more. It is remembered as it was, or the run could not be taken back. */
function unlinkRows({ source, entityType, table }: StatusEntry, runId: number): Statement {
  const replicas = replicasOf(source, entityType)
  const isMeant = sql`c.operation = 'unlink' and r.key = c.key`
  return statement(
    `apply/unlink-rows ${entityType}`,
    sql`with before as (
      select r.key, r.resource_id, to_jsonb(r) as replica from ${replicas} r join ${new Table(table)} c on ${isMeant}),
    unlinked as (
      update ${replicas} r set status = 'new', resource_id = null, creator = false, attached_run = null,
        changed_run = null, let_go = '{}', error = c.error, warnings = null, matched = null
      from ${new Table(table)} c where ${isMeant})
    insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation, replica)
    select ${sql.literal(runId)}, ${sourceIdOf(source)}, ${sql.literal(entityType)}, g.key, g.resource_id, 'detach', g.replica from before g`,
  )
}

async function addArrivals(
  { session, runId }: Pick<Applying, 'session' | 'runId'>,
  entry: StatusEntry,
  count: number,
): Promise<number> {
  const replicas = replicasOf(entry.source, entry.entityType)
  const known = statement(`apply/any-replicas ${entry.entityType}`, sql`select from ${replicas} limit 1`)
  if (await exists(session, known)) return (await run(session, addReplicas(entry, runId))).count
  return await withoutIndexes(session, replicas, count, addReplicas(entry, runId))
}

/** Of rows that arrive, with what became of them. */
function addReplicas({ source, entityType, table }: StatusEntry, runId: number): Statement {
  const id = sql.literal(runId)
  return statement(
    `apply/add-replicas ${entityType}`,
    sql`insert into ${replicasOf(source, entityType)} (key, seq, digest, resource_id, status, creator, attached_run, changed_run, error, warnings, matched)
    overriding system value
    select c.key, c.seq, c.digest, c.resource_id, c.status, c.creator, case when c.attached then ${id} end, case when c.changed then ${id} end,
      c.error, c.warnings, c.matched
    from ${new Table(table)} c where c.operation = 'write' and c.seq is not null`,
  )
}

function writeStatuses({ source, entityType, table, arriving }: StatusEntry, runId: number): Statement {
  const known = arriving === undefined ? sql.blank : sql` and c.seq is null`
  const asRead = sql`r.revision = c.revision`
  const id = sql.literal(runId)
  return statement(
    `apply/write-statuses ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set resource_id = c.resource_id,
      status = case when ${asRead} or c.status = 'new' then c.status else 'modified' end,
      creator = r.creator or c.creator,
      attached_run = case when c.attached and (r.attached_run is null or r.resource_id is distinct from c.resource_id) then ${id}
        else r.attached_run end,
      changed_run = case when c.changed then ${id} else r.changed_run end,
      let_go = case when ${asRead} and c.changed then '{}' else r.let_go end,
      error = c.error, warnings = c.warnings, matched = coalesce(c.matched, r.matched)
    from ${new Table(table)} c where c.operation = 'write' and r.key = c.key${known}`,
  )
}
