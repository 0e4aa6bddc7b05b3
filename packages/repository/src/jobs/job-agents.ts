/**
 * Agents that execute jobs: who they are, and which jobs they announce.
 *
 * @module
 */
import {
  type AnnouncedJob,
  type AnnouncedSource,
  type JobAgent,
  sourceJobName,
  storableJson,
  storableText,
} from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { AgentOfAnotherTokenError } from './job-errors.ts'

/** Whoever has not been heard of for so long is forgotten, with the results of its jobs. */
const forgottenAfter = sql`interval '90 days'`

/** An agent asks at least twice in this time while it is there. */
const thereFor = sql`interval '90 seconds'`

/** Condition on `a`, a row of `sluice_job_agent`. */
export const isThere: SQL = sql`(a.asked_at is not null and a.asked_at > clock_timestamp() - ${thereFor})`

/** An agent that follows schedules, and has not said that it leaves. */
export interface AskingAgent extends JobAgent {
  /** UTC. */
  readonly askedAt: string
}

export async function readAskingAgents(session: Session): Promise<readonly AskingAgent[]> {
  return (await run(session, askingAgents)).rows
}

const askingAgents = statement<AskingAgent>(
  'jobs/read-asking-agents',
  sql`select agent_id as agent, host, folder, asked_at as "askedAt" from sluice_job_agent
    where asked_at is not null order by host, folder, agent_id`,
)

/** Of `a`, as people are shown it. */
export const agentObject: SQL = sql`json_build_object('agent', a.agent_id, 'host', a.host, 'folder', a.folder)`

/** Condition on `a`: it is of this token, where only its own are to be seen. */
export function isOfToken(token: string | undefined): SQL {
  return token === undefined ? sql.true : sql`a.token = ${sql.value(token)}`
}

/** Notes that it was heard of. Throws `AgentOfAnotherTokenError` where it has come with another token that is still in force. */
export async function hearOf(session: Session, agent: JobAgent, token: string | undefined): Promise<void> {
  const { count } = await run(session, hear(agent, token))
  if (count === 0) throw new AgentOfAnotherTokenError(agent)
}

function hear({ agent, host, folder }: JobAgent, token: string | undefined): Statement {
  return statement(
    'jobs/hear-of-agent',
    sql`insert into sluice_job_agent as a (agent_id, host, folder, token)
    values (${sql.value(agent)}::uuid, ${sql.value(storableText(host))}, ${sql.value(storableText(folder))}, ${sql.value(token ?? null)})
    on conflict (agent_id) do update set host = excluded.host, folder = excluded.folder, token = excluded.token,
      heard_at = excluded.heard_at
    where a.token is not distinct from excluded.token or excluded.token is null or a.token is null
      or not exists (select from sluice_token t where t.name = a.token and (t.expires_at is null or t.expires_at > clock_timestamp()))`,
  )
}

/** What an agent says of itself when it asks. */
export interface Announcement {
  readonly jobs: readonly AnnouncedJob[]
  /** Those that it starts by themselves, too. */
  readonly sources?: readonly AnnouncedSource[]
  /** It will not ask again. */
  readonly leaving?: boolean
}

export async function announceJobs(
  session: Session,
  { agent }: JobAgent,
  { jobs, sources = [], leaving = false }: Announcement,
): Promise<void> {
  const announced = [
    ...jobs.map((one) => ({ job: one.job, source: null, announced: one })),
    ...sources.map((one) => ({ job: sourceJobName(one.source), source: one.source, announced: one })),
  ]
  await run(session, asking(agent, leaving))
  await run(session, withdrawJobs(agent, announced))
  if (announced.length > 0) await run(session, announce(agent, announced))
  await run(session, forget(agent))
}

interface AnnouncedRow {
  readonly job: string
  readonly source: string | null
  readonly announced: AnnouncedJob | AnnouncedSource
}

function asking(agent: string, leaving: boolean): Statement {
  return statement(
    'jobs/note-asking',
    sql`update sluice_job_agent set asked_at = ${leaving ? sql.null : sql`clock_timestamp()`}
    where agent_id = ${sql.value(agent)}::uuid`,
  )
}

function withdrawJobs(agent: string, jobs: readonly Pick<AnnouncedRow, 'job'>[]): Statement {
  return statement(
    'jobs/withdraw',
    sql`delete from sluice_job where agent_id = ${sql.value(agent)}::uuid
    and job <> all (${sql.value(jobs.map(({ job }) => job))}::text[])`,
  )
}

/** Writes nothing where nothing has changed. */
function announce(agent: string, jobs: readonly AnnouncedRow[]): Statement {
  return statement(
    'jobs/announce',
    sql`insert into sluice_job as j (agent_id, job, source, position, announced)
    select ${sql.value(agent)}::uuid, one.value ->> 'job', one.value ->> 'source', one.position, one.value -> 'announced'
    from jsonb_array_elements(${sql.value(storableJson(jobs))}::jsonb) with ordinality one (value, position)
    on conflict (agent_id, job) do update set position = excluded.position, announced = excluded.announced
    where j.position <> excluded.position or j.announced <> excluded.announced`,
  )
}

function forget(agent: string): Statement {
  return statement(
    'jobs/forget-agents',
    sql`delete from sluice_job_agent where heard_at < clock_timestamp() - ${forgottenAfter}
    and agent_id <> ${sql.value(agent)}::uuid`,
  )
}
