/**
 * Reads which resources were merged into which.
 *
 * @module
 */
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import type { MergedResource } from './read-types.ts'

/** Query (id) of the resource and of all that became one with it. */
export function familyOfMerges(resourceId: string): SQL {
  return sql`with recursive ones as (
      select ${sql.value(resourceId)}::bigint as id
      union select m.merged_id from sluice_merge m join ones on ones.id = m.kept_id where m.undone_by is null)
    select id from ones`
}

/** What was merged into a resource, and into those that were merged into it, in the order in which it was. */
export async function mergedInto(session: Session, resourceId: string): Promise<readonly MergedResource[]> {
  const { rows } = await run(session, mergesOf(resourceId))
  return rows.map(({ merged_id, display, run_id, started_at }) => ({
    resourceId: merged_id,
    display,
    run: Number(run_id),
    at: started_at,
  }))
}

function mergesOf(resourceId: string): Statement<{
  merged_id: string
  display: string | null
  run_id: string
  started_at: string | null
}> {
  return statement(
    'read/merged-into',
    sql`select m.merged_id, h.key as display, m.run_id, run.started_at from sluice_merge m
    left join sluice_run run on run.run_id = m.run_id
    left join sluice_history h on h.run_id = m.run_id and h.resource_id = m.merged_id and h.operation = 'delete'
    where m.undone_by is null and m.kept_id in (${familyOfMerges(resourceId)}) order by m.run_id, m.merged_id`,
  )
}

/** What a resource that is gone has become, through however many merges; `undefined`: it was not merged. */
export async function becameOf(session: Session, resourceId: string): Promise<string | undefined> {
  const { rows } = await run(session, becoming(resourceId))
  return rows[0]?.kept_id
}

function becoming(resourceId: string): Statement<{ kept_id: string }> {
  return statement(
    'read/became',
    sql`with recursive later as (
        select m.kept_id, 1 as step from sluice_merge m where m.merged_id = ${sql.value(resourceId)}::bigint and m.undone_by is null
        union all select m.kept_id, l.step + 1 from sluice_merge m join later l on l.kept_id = m.merged_id where m.undone_by is null)
      select kept_id from later order by step desc limit 1`,
  )
}
