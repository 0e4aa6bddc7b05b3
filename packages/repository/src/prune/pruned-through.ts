/**
 * How far a kind has been pruned: written before anything goes, so that nobody relies on what is half gone.
 *
 * @module
 */
import type { Database } from '../database/database.ts'
import { exists } from '../database/run-statement.ts'
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

/** Says whether the run is gone because it was pruned. */
export async function isPruned(database: Database, run: number): Promise<boolean> {
  return await database.session((session) => exists(session, prunedRun(run)))
}

function prunedRun(run: number): Statement {
  const id = sql.value(run)
  return statement(
    'prune/is-pruned',
    sql`select where ${id}::bigint between 1 and ${prunedThrough('history')}
      and not exists (select from sluice_run r where r.run_id = ${id}::bigint)`,
  )
}
