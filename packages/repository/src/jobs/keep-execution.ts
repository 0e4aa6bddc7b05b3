/**
 * Keeps what agents say of the executions of their jobs. All of it may be said again, and in whatever order it arrives.
 *
 * @module
 */
import { type Execution, type StopRequest, storableJson, storableText } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { type OnJobFailed, takeFailed } from './failed-executions.ts'
import { hearOf } from './job-agents.ts'
import { utc } from './utc.ts'

/** So many executions of each job of an agent are kept, and the one at work. */
export const keptExecutions = 200

export interface Kept {
  /** Who asks for it to be stopped. */
  readonly stop: StopRequest | null
  /** It is known to have ended only from now on. */
  readonly ended: boolean
}

export interface KeepOptions {
  /** What the agent comes with; absent where it opens the repository itself. */
  readonly token?: string | undefined
  readonly onFailed: OnJobFailed
}

/** In one transaction. */
export async function keepExecution(
  session: Session,
  execution: Execution,
  { token, onFailed }: KeepOptions,
): Promise<Kept> {
  await hearOf(session, execution.agent, token)
  const { rows: earlier } = await run(session, interruptEarlier(execution))
  const { count } = await run(session, keep(execution))
  if (execution.start !== null) {
    await run(session, noteBegun(execution))
    await run(session, stopCancelled(execution))
  }
  const over = execution.state !== 'running'
  const ended = [...earlier.map((one) => one.execution), ...(over ? [execution.execution] : [])]
  for (const failed of await takeFailed(session, ended)) await onFailed(session, failed)
  if (over) await run(session, letOldGo(execution))
  const { rows } = await run(session, stopOf(execution))
  return { stop: rows[0] ?? null, ended: over && count > 0 }
}

/** A job never overlaps with itself: another one of it that is not known to have ended ended with its process. */
function interruptEarlier({ execution, agent, job, startedAt }: Execution): Statement<{ execution: string }> {
  return statement(
    'jobs/interrupt-earlier',
    sql`update sluice_job_execution set state = 'interrupted'
    where agent_id = ${sql.value(agent.agent)}::uuid and job = ${sql.value(job)} and state = 'running'
      and execution_id <> ${sql.value(execution)}::uuid and started_at < ${sql.value(startedAt)}::timestamptz
    returning execution_id as execution`,
  )
}

/** What has ended does not begin again: what comes late of the time before changes nothing. */
function keep(of: Execution): Statement {
  const { execution, agent, job, state, startedAt, finishedAt, stop, ...document } = of
  return statement(
    'jobs/keep-execution',
    sql`insert into sluice_job_execution as e
      (execution_id, agent_id, job, state, started_at, finished_at, stop_by_kind, stop_by_name, stop_at, document)
    values (${sql.value(execution)}::uuid, ${sql.value(agent.agent)}::uuid, ${sql.value(job)}, ${sql.value(state)},
      ${sql.value(startedAt)}::timestamptz, ${sql.value(finishedAt)}::timestamptz, ${sql.value(stop?.by.kind ?? null)},
      ${sql.value(stop === null ? null : storableText(stop.by.name))}, ${sql.value(stop?.at ?? null)}::timestamptz,
      ${sql.value(storableJson(document))}::jsonb)
    on conflict (execution_id) do update set state = excluded.state, finished_at = excluded.finished_at,
      heard_at = excluded.heard_at, document = excluded.document,
      stop_by_kind = coalesce(e.stop_by_kind, excluded.stop_by_kind), stop_by_name = coalesce(e.stop_by_name, excluded.stop_by_name),
      stop_at = coalesce(e.stop_at, excluded.stop_at)
    where e.agent_id = excluded.agent_id and (e.state = 'running' or (e.state = 'interrupted' and excluded.state <> 'running'))`,
  )
}

function noteBegun({ start, agent, execution }: Execution): Statement {
  return statement(
    'jobs/note-begun',
    sql`update sluice_job_start set state = 'begun', execution_id = ${sql.value(execution)}::uuid
    where start_id = ${sql.value(start)}::uuid and agent_id = ${sql.value(agent.agent)}::uuid and state in ('waiting', 'taken', 'expired')`,
  )
}

/** It was stopped between the request and its beginning. */
function stopCancelled({ start, agent, execution }: Execution): Statement {
  return statement(
    'jobs/stop-cancelled',
    sql`update sluice_job_execution e set stop_by_kind = s.cancelled_by_kind, stop_by_name = s.cancelled_by_name,
      stop_at = clock_timestamp()
    from sluice_job_start s where s.start_id = ${sql.value(start)}::uuid and s.agent_id = ${sql.value(agent.agent)}::uuid
      and s.state = 'cancelled' and e.execution_id = ${sql.value(execution)}::uuid and e.state = 'running' and e.stop_at is null`,
  )
}

function letOldGo({ agent, job }: Execution): Statement {
  return statement(
    'jobs/let-old-go',
    sql`delete from sluice_job_execution where execution_id in (
      select execution_id from sluice_job_execution
      where agent_id = ${sql.value(agent.agent)}::uuid and job = ${sql.value(job)} and state <> 'running'
      order by started_at desc, execution_id offset ${sql.literal(keptExecutions)})`,
  )
}

function stopOf({ execution }: Execution): Statement<StopRequest> {
  return statement(
    'jobs/find-stop',
    sql`select json_build_object('kind', stop_by_kind, 'name', stop_by_name) as by, ${utc(sql`stop_at`)} as at
    from sluice_job_execution where execution_id = ${sql.value(execution)}::uuid and stop_at is not null`,
  )
}
