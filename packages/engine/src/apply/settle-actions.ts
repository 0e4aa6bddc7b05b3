/**
 * Notes what was done that people wanted of single rows.
 *
 * @module
 */
import { run, type SQL, type Statement, sql, statement, Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import { replicasOf } from '../sql/tables.ts'
import type { Applying } from './apply-change-set.ts'

type StatusEntry = ChangeSet['statuses'][number]

export async function settleActions(
  { session }: Pick<Applying, 'session'>,
  entry: StatusEntry,
): Promise<void> {
  for (const step of [forgetDone(entry), noteUnlinked(entry), lookAgain(entry), forgetChanged(entry)])
    await run(session, step)
}

function isOf({ source, entityType }: StatusEntry): SQL {
  return sql`w.source_id = (select source_id from sluice_source where name = ${sql.literal(source)}) and w.entity_type = ${sql.literal(entityType)}`
}

function isLeft(entry: StatusEntry): SQL {
  return sql`from ${new Table(entry.table)} c where ${isOf(entry)} and not w.done and w.key = c.key`
}

function forgetDone(entry: StatusEntry): Statement {
  return statement(
    `apply/forget-actions ${entry.entityType}`,
    sql`delete from sluice_replica_action w using ${new Table(entry.table)} c
    where ${isOf(entry)} and not w.done and w.key = c.key and c.operation in ('write', 'delete')`,
  )
}

function noteUnlinked(entry: StatusEntry): Statement {
  return statement(
    `apply/note-apart ${entry.entityType}`,
    sql`update sluice_replica_action w set done = true ${isLeft(entry)} and c.operation = 'unlink' and w.action = 'unlink'`,
  )
}

/** In a run of its own: in this one, what the row said of its resource has gone. */
function lookAgain(entry: StatusEntry): Statement {
  return statement(
    `apply/look-again ${entry.entityType}`,
    sql`update sluice_replica_action w set action = 'retry' ${isLeft(entry)} and c.operation = 'unlink' and w.action = 'reconcile'`,
  )
}

/** A row that says something else, or is gone, is apart no longer. */
function forgetChanged(entry: StatusEntry): Statement {
  return statement(
    `apply/forget-changed ${entry.entityType}`,
    sql`delete from sluice_replica_action w where ${isOf(entry)} and w.done
      and not exists (select from ${replicasOf(entry.source, entry.entityType)} r where r.key = w.key and r.revision = w.revision)`,
  )
}
