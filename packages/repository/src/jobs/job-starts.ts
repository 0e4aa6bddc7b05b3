/**
 * Requests to start and to stop jobs: stored until the agent that executes them asks.
 *
 * @module
 */
import {
  type JobAgent,
  type JobRecord,
  type Mode,
  type RunBy,
  type StartRecord,
  sourceJobName,
  startRecordSchema,
  storableText,
} from '@sluice/model'
import type { Row, Session } from '../database/database.ts'
import { exists, run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { agentMeant, isCalled } from './agent-meant.ts'
import { agentObject, isOfToken } from './job-agents.ts'
import {
  AgentAwayError,
  type Asked,
  HoldUnknownError,
  JobAtWorkError,
  JobNotAtWorkError,
  NotHeldError,
  SeveralAgentsError,
} from './job-errors.ts'
import { isAtWork, readDeliveredSources, readJobs } from './read-executions.ts'
import { utc } from './utc.ts'

/** What nobody has fetched by then is not begun any more: nobody expects it. */
const goodFor = sql`interval '10 minutes'`

interface WhoAsks {
  /** Host or id of the agent, or the beginning of its id; needed where several know what is meant. */
  readonly agent?: string | undefined
  readonly by: RunBy
}

export interface JobRequest extends WhoAsks {
  readonly job: string
}

export interface SourceRequest extends WhoAsks {
  readonly source: string
  /** The one that it is configured with when absent. */
  readonly mode?: Mode | undefined
  /** Its run waits to be approved, whatever it would change. */
  readonly hold?: boolean | undefined
}

type Known = Pick<JobRecord, 'agent' | 'atWork'> & { readonly holds?: boolean }

/** The request as it stands; of one that stands already, that one. Throws `HoldUnknownError` and `NotHeldError` where what is to be held would not be. */
export async function askStart(session: Session, request: JobRequest | SourceRequest): Promise<StartRecord> {
  await run(session, expire)
  const meant = 'source' in request ? sourceJobName(request.source) : request.job
  const what = whatOf(request)
  const hold = 'source' in request && request.hold === true
  const { agent, atWork, holds } = agentMeant(await knownOf(session, request), what, request.agent)
  if (!agent.there) throw new AgentAwayError(what, agent, agent.askedAt)
  if (atWork !== null) throw new JobAtWorkError(what, meant, atWork)
  if (hold && holds !== true) throw new HoldUnknownError(what, agent)
  await run(session, insertStart(agent, meant, request))
  const { rows } = await run(
    session,
    startsWhere(
      'jobs/find-open-start',
      sql`s.agent_id = ${sql.value(agent.agent)}::uuid
      and s.job = ${sql.value(meant)} and s.state in ('waiting', 'taken')`,
    ),
  )
  const asked = startRecordSchema.parse(rows[0])
  if (hold && !asked.hold) throw new NotHeldError(what, asked)
  return asked
}

async function knownOf(session: Session, request: JobRequest | SourceRequest): Promise<readonly Known[]> {
  if ('source' in request) return await readDeliveredSources(session, request.source, undefined)
  return (await readJobs(session, undefined)).filter(({ job }) => job === request.job)
}

function whatOf(request: JobRequest | SourceRequest): Asked {
  return 'source' in request ? { kind: 'source', name: request.source } : { kind: 'job', name: request.job }
}

const expire = statement(
  'jobs/expire-starts',
  sql`update sluice_job_start set state = 'expired', reason = 'No agent has fetched it in time.'
  where state in ('waiting', 'taken') and asked_at < clock_timestamp() - ${goodFor}
    and (state = 'waiting' or not exists (select from sluice_job_agent a
      where a.agent_id = sluice_job_start.agent_id and a.asked_at > clock_timestamp() - ${goodFor}))`,
)

function insertStart({ agent }: JobAgent, job: string, request: JobRequest | SourceRequest): Statement {
  const { by } = request
  const { source = null, mode = null, hold = false } = 'source' in request ? request : {}
  return statement(
    'jobs/ask-start',
    sql`insert into sluice_job_start (agent_id, job, source, mode, hold, by_kind, by_name)
    values (${sql.value(agent)}::uuid, ${sql.value(job)}, ${sql.value(source)}, ${sql.value(mode)}, ${sql.value(hold)}, ${sql.value(by.kind)},
      ${sql.value(storableText(by.name))})
    on conflict (agent_id, job) where state in ('waiting', 'taken') do nothing`,
  )
}

function startsWhere(name: string, which: SQL): Statement<Row> {
  return statement(
    name,
    sql`select s.start_id as start, s.job, s.source, s.mode, s.hold, ${agentObject} as agent,
      json_build_object('kind', s.by_kind, 'name', s.by_name) as by, ${utc(sql`s.asked_at`)} as "askedAt", s.state, s.reason,
      s.execution_id as execution
    from sluice_job_start s join sluice_job_agent a using (agent_id) where ${which}`,
  )
}

export async function readStart(
  session: Session,
  start: string,
  token: string | undefined,
): Promise<StartRecord | undefined> {
  await run(session, expire)
  const which = sql`s.start_id = ${sql.value(start)}::uuid and ${isOfToken(token)}`
  const { rows } = await run(session, startsWhere('jobs/read-start', which))
  return rows[0] === undefined ? undefined : startRecordSchema.parse(rows[0])
}

/** Those that have not begun, but for those that the agent knows of: an answer may be lost, and a process with what it was told. */
export async function fetchStarts(
  session: Session,
  { agent }: JobAgent,
  known: readonly string[],
): Promise<readonly StartRecord[]> {
  // Asked every second of each agent, and nearly always in vain.
  if (!(await exists(session, unknownStart(agent, known)))) return []
  await run(session, expire)
  await run(session, take(agent, known))
  const which = sql`${isUnknown(agent, known)} order by s.asked_at`
  const { rows } = await run(session, startsWhere('jobs/read-taken', which))
  return rows.map((row) => startRecordSchema.parse(row))
}

/** Condition on `s`. */
function isUnknown(agent: string, known: readonly string[]): SQL {
  return sql`s.agent_id = ${sql.value(agent)}::uuid and s.state in ('waiting', 'taken')
    and s.start_id <> all (${sql.value(known)}::uuid[])`
}

function unknownStart(agent: string, known: readonly string[]): Statement {
  return statement(
    'jobs/look-for-starts',
    sql`select from sluice_job_start s where ${isUnknown(agent, known)}`,
  )
}

function take(agent: string, known: readonly string[]): Statement {
  return statement(
    'jobs/take-starts',
    sql`update sluice_job_start s set state = 'taken' where ${isUnknown(agent, known)} and s.state = 'waiting'`,
  )
}

/** Its agent does not begin the job. `false`: it is over already, or another agent's. */
export async function refuseStart(
  session: Session,
  start: string,
  reason: string,
  token: string | undefined,
): Promise<boolean> {
  const { count } = await run(session, refuse(start, reason, token))
  return count > 0
}

function refuse(start: string, reason: string, token: string | undefined): Statement {
  return statement(
    'jobs/refuse-start',
    sql`update sluice_job_start s set state = 'refused', reason = ${sql.value(storableText(reason))}
    from sluice_job_agent a where a.agent_id = s.agent_id and ${isOfToken(token)}
      and s.start_id = ${sql.value(start)}::uuid and s.state in ('waiting', 'taken')`,
  )
}

export interface AskedToStop {
  /** Of the execution; `null`: the job had not begun, and does not. */
  readonly execution: string | null
  readonly agent: JobAgent
}

/** Whoever asked first is who stopped it. Throws `JobNotAtWorkError` where there is nothing to stop. */
export async function askStop(session: Session, { job, agent, by }: JobRequest): Promise<AskedToStop> {
  await run(session, expire)
  const { rows } = await run(session, stoppable(job))
  const meant = rows.filter((row) => agent === undefined || isCalled(row.agent, agent))
  const agents = new Map(meant.map((row) => [row.agent.agent, row.agent]))
  if (agents.size > 1) throw new SeveralAgentsError({ kind: 'job', name: job }, [...agents.values()])
  const [one] = meant
  if (one === undefined) throw new JobNotAtWorkError(job)
  await run(session, cancelStarts(job, by, one.agent.agent))
  const execution = meant.find((row) => row.execution !== null)?.execution ?? null
  if (execution !== null) await run(session, noteStop(execution, by))
  return { execution, agent: one.agent }
}

/** Executions that are at work, and starts that have not begun one. */
function stoppable(job: string): Statement<AskedToStop> {
  return statement(
    'jobs/find-stoppable',
    sql`select e.execution_id as execution, ${agentObject} as agent
    from sluice_job_execution e join sluice_job_agent a using (agent_id)
    where e.job = ${sql.value(job)} and ${isAtWork}
    union all select null, ${agentObject} from sluice_job_start s join sluice_job_agent a using (agent_id)
    where s.job = ${sql.value(job)} and s.state in ('waiting', 'taken')`,
  )
}

function noteStop(execution: string, by: RunBy): Statement {
  return statement(
    'jobs/ask-stop',
    sql`update sluice_job_execution set stop_by_kind = ${sql.value(by.kind)}, stop_by_name = ${sql.value(storableText(by.name))},
      stop_at = clock_timestamp()
    where execution_id = ${sql.value(execution)}::uuid and stop_at is null`,
  )
}

/** One that its agent has fetched may begin all the same, and is stopped then. */
function cancelStarts(job: string, { kind, name }: RunBy, agent: string): Statement {
  const who = storableText(name)
  return statement(
    'jobs/cancel-starts',
    sql`update sluice_job_start set state = 'cancelled', reason = ${sql.value(`It was stopped by ${who}.`)},
      cancelled_by_kind = ${sql.value(kind)}, cancelled_by_name = ${sql.value(who)}
    where job = ${sql.value(job)} and agent_id = ${sql.value(agent)}::uuid and state in ('waiting', 'taken')`,
  )
}
