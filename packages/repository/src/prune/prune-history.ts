/**
 * The history of all runs up to one: what they changed, and by what they could be taken back.
 *
 * @module
 */
import type { Keeping } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type Statement, sql, statement, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { rememberPruned } from './pruned-through.ts'
import { cutOfAll } from './run-cuts.ts'

const tables = [
  'sluice_history',
  'sluice_history_block',
  'sluice_link_history',
  'sluice_replica_history',
  'sluice_merged_replica',
]

export async function doomedHistory(
  session: Session,
  keeping: Keeping,
  dryRun: boolean,
): Promise<readonly Doomed[]> {
  const cut = await cutOfAll(session, keeping)
  if (cut <= 0) return []
  if (!dryRun) await run(session, rememberPruned('history', sql`${sql.value(cut)}::bigint`))
  const orderBy = sql`d.run_id`
  const where = sql`d.run_id <= ${sql.value(cut)}::bigint`
  return tables.map((name) => ({ table: new Table(name), where, orderBy }))
}

/** Contents of files that no history names. Where nothing of the history went, none can be among them. */
export const doomedFiles: Doomed = {
  table: new Table('sluice_kept_file'),
  where: sql`not exists (select from sluice_history h, jsonb_each(case jsonb_typeof(h.exact -> 'before') when 'object' then h.exact -> 'before' end) f
    where h.exact is not null and jsonb_typeof(f.value) = 'object' and f.value ->> 'sha256' = encode(d.sha256, 'hex'))`,
  orderBy: sql`d.sha256`,
}

/** A run that keeps a file names it in its history only when it is committed: such a run is waited for. In the transaction of the deletion. */
export async function waitForKeptFiles(session: Session): Promise<void> {
  await run(session, lockFiles)
}

const lockFiles: Statement = statement(
  'prune/lock-kept-files',
  sql`lock table sluice_kept_file in share row exclusive mode`,
)
