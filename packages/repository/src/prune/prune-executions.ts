/**
 * Executions of jobs that are over, requests for them, and agents that nobody has heard of since. The last execution of each job stays.
 *
 * @module
 */
import type { Keeping } from '@sluice/model'
import { sql, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { oldest } from './run-cuts.ts'

export function doomedExecutions(keeping: Keeping): readonly Doomed[] {
  const { age, count } = keeping
  if (age === undefined && count === undefined) return []
  const newer = (behind: number) =>
    sql`(select x.started_at from sluice_job_execution x where x.agent_id = d.agent_id and x.job = d.job order by x.started_at desc offset ${sql.value(behind)}::bigint limit 1)`
  const tooOld = age === undefined ? sql.false : sql`d.started_at < ${oldest(keeping)}`
  const tooMany = count === undefined ? sql.false : sql`d.started_at <= ${newer(count)}`
  const executions: Doomed = {
    table: new Table('sluice_job_execution'),
    where: sql`d.state <> 'running' and (${tooOld} or ${tooMany}) and d.started_at < ${newer(0)}`,
    orderBy: sql`d.started_at`,
  }
  if (age === undefined) return [executions]
  return [
    executions,
    {
      table: new Table('sluice_job_start'),
      where: sql`d.state not in ('waiting', 'taken') and d.asked_at < ${oldest(keeping)}`,
      orderBy: sql`d.asked_at`,
    },
    {
      table: new Table('sluice_job_agent'),
      where: sql`d.heard_at < ${oldest(keeping)} and coalesce(d.asked_at, '-infinity') < ${oldest(keeping)}`,
      orderBy: sql`d.heard_at`,
    },
  ]
}
