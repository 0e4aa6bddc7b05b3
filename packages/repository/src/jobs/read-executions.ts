/**
 * Reads the jobs that are known and what became of their executions.
 *
 * @module
 */
import {
  type DeliveredSource,
  deliveredSourceSchema,
  type ExecutionHead,
  type ExecutionRecord,
  executionRecordSchema,
  type JobRecord,
  jobRecordSchema,
} from '@sluice/model'
import type { Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { allOf } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { agentObject, isOfToken, isThere } from './job-agents.ts'
import { utc } from './utc.ts'

export interface ExecutionsQuery {
  readonly job?: string | undefined
  /** Only of the agents that come with this token. */
  readonly token?: string | undefined
  /** Only of this agent. */
  readonly agent?: string | undefined
  /** 20 when absent. */
  readonly limit?: number | undefined
}

/** One that is at work says so every few seconds. */
const silentFor = sql`interval '60 seconds'`

/** Condition on `e`: it has not been heard of for so long that it is not at work any more, or cannot say so. */
export const isSilent: SQL = sql`(e.state = 'running' and e.heard_at < clock_timestamp() - ${silentFor})`

/** The state of `e`. */
export const currentState: SQL = sql`(case when ${isSilent} then 'interrupted' else e.state end)`

/** Condition on `e`. */
export const isAtWork: SQL = sql`(e.state = 'running' and e.heard_at >= clock_timestamp() - ${silentFor})`

const stop = sql`(case when e.stop_at is null then null else json_build_object('by',
  json_build_object('kind', e.stop_by_kind, 'name', e.stop_by_name), 'at', ${utc(sql`e.stop_at`)}) end)`

/** Newest first. */
export async function readExecutions(
  session: Session,
  { job, token, agent, limit = 20 }: ExecutionsQuery,
): Promise<readonly ExecutionRecord[]> {
  const conditions = [
    isOfToken(token),
    ...(job === undefined ? [] : [sql`e.job = ${sql.value(job)}`]),
    ...(agent === undefined ? [] : [sql`a.agent_id = ${sql.value(agent)}::uuid`]),
  ]
  const most = Number.isFinite(limit) ? sql` limit ${sql.value(limit)}::bigint` : sql.blank
  const which = sql`where ${allOf(conditions)} order by e.started_at desc, e.execution_id${most}`
  const { rows } = await run(session, executionsWhere('jobs/read-executions', which))
  return rows.map((row) => executionRecordSchema.parse(row))
}

/** The execution whose id begins so; `undefined`: there is none, or there are several. */
export async function readExecution(
  session: Session,
  beginning: string,
  token: string | undefined,
): Promise<ExecutionRecord | undefined> {
  if (!/^[0-9a-f-]{4,36}$/i.test(beginning)) return undefined
  const which = sql`where ${isOfToken(token)}
    and starts_with(e.execution_id::text, ${sql.value(beginning.toLowerCase())}) limit 2`
  const { rows } = await run(session, executionsWhere('jobs/read-execution', which))
  return rows.length === 1 ? executionRecordSchema.parse(rows[0]) : undefined
}

function executionsWhere(name: string, which: SQL): Statement<Row> {
  return statement(
    name,
    sql`select e.execution_id as execution, e.job, e.document ->> 'source' as source, ${agentObject} as agent, ${currentState} as state,
      e.document ->> 'cause' as cause, e.document -> 'by' as by, e.document ->> 'start' as start,
      e.document -> 'error' as error, e.document -> 'steps' as steps,
      ${utc(sql`e.started_at`)} as "startedAt", ${utc(sql`e.finished_at`)} as "finishedAt",
      ${utc(sql`e.heard_at`)} as "heardAt", ${stop} as stop
    from sluice_job_execution e join sluice_job_agent a using (agent_id) ${which}`,
  )
}

/** Every job that an agent has announced, by agent, in the order of its configuration. */
export async function readJobs(session: Session, token: string | undefined): Promise<readonly JobRecord[]> {
  const { rows } = await run(session, announcedWhere(sql`j.source is null and ${isOfToken(token)}`))
  return rows.map(({ announced, ...row }) => jobRecordSchema.parse({ ...announced, ...row }))
}

/** By every agent that delivers the source. */
export async function readDeliveredSources(
  session: Session,
  source: string,
  token: string | undefined,
): Promise<readonly DeliveredSource[]> {
  const which = sql`j.source = ${sql.value(source)} and ${isOfToken(token)}`
  const { rows } = await run(session, announcedWhere(which))
  return rows.map(({ announced, ...row }) => deliveredSourceSchema.parse({ ...announced, ...row }))
}

interface JobRow extends Row {
  readonly announced: object
}

/** `e` as lists show it. */
const head = sql`json_build_object('execution', e.execution_id, 'state', ${currentState}, 'cause', e.document ->> 'cause',
  'by', e.document -> 'by', 'startedAt', ${utc(sql`e.started_at`)}, 'finishedAt', ${utc(sql`e.finished_at`)},
  'heardAt', ${utc(sql`e.heard_at`)}, 'stop', ${stop}, 'step', e.document -> 'steps' -> -1 ->> 'step')`

function newest(condition: SQL): SQL {
  return sql`(select ${head} from sluice_job_execution e where e.agent_id = j.agent_id and e.job = j.job
    and ${condition} order by e.started_at desc limit 1)`
}

/** @param which Condition on `j` and its agent `a`. */
function announcedWhere(which: SQL): Statement<JobRow> {
  return statement(
    'jobs/read-jobs',
    sql`select j.announced,
      (${agentObject}::jsonb || jsonb_build_object('askedAt', ${utc(sql`a.asked_at`)}, 'there', ${isThere})) as agent,
      ${newest(isAtWork)} as "atWork", ${newest(sql`not ${isAtWork}`)} as last,
      (select json_build_object('start', s.start_id, 'by', json_build_object('kind', s.by_kind, 'name', s.by_name),
        'askedAt', ${utc(sql`s.asked_at`)}, 'state', s.state) from sluice_job_start s
      where s.agent_id = j.agent_id and s.job = j.job and s.state in ('waiting', 'taken')) as asked
    from sluice_job j join sluice_job_agent a using (agent_id) where ${which}
    order by a.host, a.folder, a.agent_id, j.position`,
  )
}

export interface NewestExecutions {
  readonly atWork: ExecutionHead | null
  /** The one that ended last. */
  readonly last: ExecutionHead | null
}

/** By job, of whatever agent. */
export async function readNewest(session: Session): Promise<ReadonlyMap<string, NewestExecutions>> {
  const { rows } = await run(session, newestOfEach)
  return new Map(rows.map(({ job, ...found }) => [job, newestSchema.parse(found)]))
}

const newestSchema = jobRecordSchema.pick({ atWork: true, last: true })

const newestOfEach = statement<{ job: string }>(
  'jobs/read-newest',
  sql`select one.job, (${newestHead(isAtWork)}) as "atWork", (${newestHead(sql`not ${isAtWork}`)}) as last
  from (select distinct job from sluice_job_execution) one order by one.job`,
)

function newestHead(condition: SQL): SQL {
  return sql`select ${head} from sluice_job_execution e where e.job = one.job and ${condition}
    order by e.started_at desc limit 1`
}

/** Of each job that is executed: how many are at work, and when it last ended well, and when it failed or was interrupted. */
export async function countExecutions(session: Session): Promise<readonly JobCount[]> {
  const { rows } = await run(session, counts)
  return rows
}

interface JobCount {
  readonly job: string
  readonly atWork: number
  readonly doneAt: string | null
  readonly failedAt: string | null
}

const counts = statement<JobCount>(
  'jobs/count',
  sql`select e.job, (count(*) filter (where ${isAtWork}))::int as "atWork",
    ${utc(sql`max(e.finished_at) filter (where e.state = 'done')`)} as "doneAt",
    ${utc(sql`max(coalesce(e.finished_at, e.heard_at)) filter (where ${currentState} in ('failed', 'interrupted'))`)} as "failedAt"
  from sluice_job_execution e group by e.job order by e.job`,
)
