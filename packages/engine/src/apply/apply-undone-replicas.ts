/**
 * Writes what a run that takes another one back undoes with the replicas of a shared type, and remembers it, so that it can be taken back,
 * too.
 *
 * @module
 */
import { commas, run, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { replicasOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'

type UndoneEntry = NonNullable<ChangeSet['undone']>[number]

export async function applyUndoneReplicas({ session, runId }: Applying, entry: UndoneEntry): Promise<void> {
  await run(session, rememberUndone(entry, runId))
  await run(session, deleteRows(entry))
  await run(session, detachReplicas(entry))
  const { rows: columns } = await run(session, filledColumns(entry))
  await run(session, restoreRows(entry, columns))
  await run(session, attachReplicas(entry))
  await run(session, reopenReplicas(entry))
  await run(session, returnReplicas(entry))
  await run(session, moveRights(entry))
}

/** As they are before. */
function rememberUndone({ source, entityType, asserted, table }: UndoneEntry, runId: number): Statement {
  return statement(
    `apply/remember-undone ${entityType}`,
    sql`insert into sluice_replica_history (run_id, source_id, entity_type, key, resource_id, operation, asserted, replica)
    select ${sql.literal(runId)}, (select source_id from sluice_source where name = ${sql.value(source)}), ${sql.literal(entityType)},
      c.key, c.resource_id, c.operation,
      case when c.operation = 'delete' then to_jsonb(v) end, case when c.operation in ('delete', 'detach') then to_jsonb(r) end
    from ${new Table(table)} c
    left join ${replicasOf(source, entityType)} r on r.key = c.key
    left join ${new Table(asserted)} v on v.primary_key = c.key
    where c.operation not in ('reopen', 'return')`,
  )
}

/** The trigger of the table takes the replicas along. */
function deleteRows({ entityType, asserted, table }: UndoneEntry): Statement {
  return statement(
    `apply/delete-undone-rows ${entityType}`,
    sql`delete from ${new Table(asserted)} v using ${new Table(table)} c where c.operation = 'delete' and v.primary_key = c.key`,
  )
}

/** The row stays, and looks for a resource as if it had just come. */
function detachReplicas({ source, entityType, table }: UndoneEntry): Statement {
  return statement(
    `apply/detach-undone-replicas ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set status = 'new', resource_id = null, creator = false, attached_run = null,
      changed_run = null, error = null, warnings = null, matched = null
    from ${new Table(table)} c where c.operation = 'detach' and r.key = c.key`,
  )
}

/** What follows from other columns is not filled. */
function filledColumns({ entityType, asserted }: UndoneEntry): Statement<{ name: string }> {
  return statement(
    `apply/filled-columns ${entityType}`,
    sql`select attname as name from pg_attribute where attrelid = to_regclass(quote_ident(${sql.value(asserted)}))
      and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
  )
}

/** The trigger of the table makes the replicas, which are attached then. */
function restoreRows(
  { entityType, asserted, table }: UndoneEntry,
  columns: readonly { readonly name: string }[],
): Statement {
  const rows = new Table(asserted)
  const names = columns.map(({ name }) => sql.identifier(name))
  return statement(
    `apply/restore-rows ${entityType}`,
    sql`insert into ${rows} (${commas(names)}) select ${commas(names.map((name) => sql`b.${name}`))}
    from ${new Table(table)} c, lateral jsonb_populate_record(null::${rows}, c.asserted) b where c.operation = 'restore'`,
  )
}

const facts = [
  'creator',
  'attached_run',
  'changed_run',
  'last_seen',
  'absent_since',
  'error',
  'warnings',
  'matched',
] as const

/** Where a client has written the row meanwhile, it is applied by the next run. */
function attachReplicas({ source, entityType, table }: UndoneEntry): Statement {
  const replicas = replicasOf(source, entityType)
  const former = facts.map((name) => sql`${sql.identifier(name)} = b.${sql.identifier(name)}`)
  return statement(
    `apply/attach-undone-replicas ${entityType}`,
    sql`update ${replicas} r set resource_id = c.resource_id, ${commas(former)}, digest = coalesce(b.digest, r.digest),
      let_go = case when c.operation = 'restore' then b.let_go else r.let_go end,
      status = case when c.operation = 'attach' and r.revision <> b.revision then 'modified' else b.status end
    from ${new Table(table)} c, lateral jsonb_populate_record(null::${replicas}, c.replica) b
    where c.operation in ('restore', 'attach') and r.key = c.key`,
  )
}

/** To the resource that theirs was before it was merged. */
function returnReplicas({ source, entityType, table }: UndoneEntry): Statement {
  return statement(
    `apply/return-replicas ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set resource_id = c.resource_id from ${new Table(table)} c
    where c.operation = 'return' and r.key = c.key`,
  )
}

/** The right to delete the resource goes back to the row that had it before the run, or on to the heir again. */
function moveRights({ source, entityType, table }: UndoneEntry): Statement {
  return statement(
    `apply/move-undone-rights ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set creator = c.operation = 'inherit' from ${new Table(table)} c
    where c.operation in ('inherit', 'forgo') and r.key = c.key`,
  )
}

/** What disappeared by the run that is taken back is asked for again. */
function reopenReplicas({ source, entityType, table }: UndoneEntry): Statement {
  return statement(
    `apply/reopen-replicas ${entityType}`,
    sql`update ${replicasOf(source, entityType)} r set status = 'synchronized'
    from ${new Table(table)} c where c.operation = 'reopen' and r.key = c.key and r.status = 'obsolete'`,
  )
}
