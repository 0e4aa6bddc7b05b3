/**
 * Drops what held runs have kept and nobody could drop when they were decided, because somebody read it then.
 *
 * @module
 */
import { runLife } from '@sluice/model'
import { commas, type Database, run, sql, statement, Table } from '@sluice/repository'
import { unlessLocked } from '../context/unless-locked.ts'

const held = runLife.statesThatTake('approved').map((state) => sql.literal(state))

/** Tables of runs, by the number in their names; those of one at work are seen by nobody else. */
const leftBehind = statement<{ name: string }>(
  'changes/find-left-behind',
  sql`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and c.relpersistence <> 't' and c.relname ~ '^sluice_run_[0-9]+_'
      and not exists (select from sluice_run r
        where r.run_id = substring(c.relname from '^sluice_run_([0-9]+)_')::bigint and r.state in (${commas(held)}))
    order by c.relname`,
)

/** How many were dropped; what is read by somebody waits for the next time. */
export async function sweepKept(database: Database): Promise<number> {
  const { rows } = await database.session((session) => run(session, leftBehind))
  let dropped = 0
  for (const { name } of rows) {
    const gone = await database.transaction((session) =>
      unlessLocked(session, async () => {
        await run(
          session,
          statement('changes/drop-left-behind', sql`drop table if exists ${new Table(name)}`),
        )
      }),
    )
    if (gone) dropped += 1
  }
  return dropped
}
