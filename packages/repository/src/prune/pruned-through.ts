/**
 * How far a kind has been pruned: written before anything goes, so that nobody relies on what is half gone.
 *
 * @module
 */
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'

type Kind = 'history' | 'runs'

/** SQL (bigint): of this run and those before it nothing need be there any more; 0 where nothing was ever pruned. */
export function prunedThrough(kind: Kind): SQL {
  return sql`coalesce((select p.through_run from sluice_pruned p where p.kind = ${sql.literal(kind)}), 0)`
}

/** `through`: SQL (bigint). */
export function rememberPruned(kind: Kind, through: SQL): Statement {
  return statement(
    'prune/remember',
    sql`insert into sluice_pruned as p (kind, through_run) values (${sql.literal(kind)}, ${through})
    on conflict (kind) do update set through_run = excluded.through_run, pruned_at = clock_timestamp()
    where p.through_run < excluded.through_run`,
  )
}

/** When runs were pruned last, UTC, if this one is gone because it was pruned. */
export async function findPruned(database: Database, id: number): Promise<string | undefined> {
  const { rows } = await database.session((session) => run(session, prunedRun(id)))
  return rows[0]?.prunedBy
}

function prunedRun(run: number): Statement<{ prunedBy: string }> {
  const id = sql.value(run)
  return statement(
    'prune/find-pruned',
    sql`select to_char(p.pruned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "prunedBy"
      from sluice_pruned p where p.kind = 'history' and ${id}::bigint between 1 and p.through_run
      and not exists (select from sluice_run r where r.run_id = ${id}::bigint)`,
  )
}
