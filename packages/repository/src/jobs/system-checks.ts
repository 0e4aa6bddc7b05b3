/**
 * Checks of connections that people ask agents for: kept until the agent asks what there is to do, and its answer for some days.
 *
 * @module
 */
import {
  type CheckAnswer,
  type CheckKind,
  type JobAgent,
  type RunBy,
  type SystemCheck,
  storableJson,
  storableText,
  systemCheckSchema,
} from '@sluice/model'
import type { Row, Session } from '../database/database.ts'
import { exists, run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { agentMeant } from './agent-meant.ts'
import { agentObject, isOfToken, isThere } from './job-agents.ts'
import { AgentAwayError, NoChecksError } from './job-errors.ts'
import { readDeliveredSources } from './read-executions.ts'
import { utc } from './utc.ts'

/** A connector is given two minutes; who has not answered by then does not any more. */
const goodFor = sql`interval '3 minutes'`
const keptFor = sql`interval '7 days'`
/** Newest first, of one source. */
const mostShown = 20

export interface CheckRequest {
  readonly source: string
  /** `check` when absent. */
  readonly kind?: CheckKind | undefined
  /** Host or id of the agent, or the beginning of its id; needed where several deliver the source. */
  readonly agent?: string | undefined
  readonly by: RunBy
}

/** The check as it stands; of one that stands already, that one. */
export async function askCheck(session: Session, request: CheckRequest): Promise<SystemCheck> {
  const { source, kind = 'check', by } = request
  await run(session, expire)
  await run(session, forget)
  const what = { kind: 'source', name: source } as const
  const known = await readDeliveredSources(session, source, undefined)
  const { agent, checks, connector } = agentMeant(known, what, request.agent)
  const instead = `check it there by hand: sluice source check ${source}`
  if (!agent.there) throw new AgentAwayError(what, agent, agent.askedAt, instead)
  if (!checks) throw new NoChecksError(source, agent, connector)
  await run(session, insert(agent, source, kind, by))
  const which = sql`c.agent_id = ${sql.value(agent.agent)}::uuid and c.source = ${sql.value(source)} and c.kind = ${sql.value(kind)}
    and ${isOpen}`
  const { rows } = await run(session, checksWhere('checks/find-open', which))
  return systemCheckSchema.parse(rows[0])
}

/** Condition on `c`. */
const isOpen: SQL = sql`c.state in ('waiting', 'taken')`

/** Its agent has left, or says nothing. */
const expire = statement(
  'checks/expire',
  sql`update sluice_system_check c set state = 'expired' from sluice_job_agent a
  where a.agent_id = c.agent_id and ${isOpen}
    and (c.asked_at < clock_timestamp() - ${goodFor} or not ${isThere})`,
)

const forget = statement(
  'checks/forget',
  sql`delete from sluice_system_check where asked_at < clock_timestamp() - ${keptFor}`,
)

function insert({ agent }: JobAgent, source: string, kind: CheckKind, by: RunBy): Statement {
  return statement(
    'checks/ask',
    sql`insert into sluice_system_check (agent_id, source, kind, by_kind, by_name)
    values (${sql.value(agent)}::uuid, ${sql.value(source)}, ${sql.value(kind)}, ${sql.value(by.kind)},
      ${sql.value(storableText(by.name))})
    on conflict (agent_id, source, kind) where state in ('waiting', 'taken') do nothing`,
  )
}

function checksWhere(name: string, which: SQL): Statement<Row> {
  return statement(
    name,
    sql`select c.check_id as check, c.kind, c.source, ${agentObject} as agent,
      json_build_object('kind', c.by_kind, 'name', c.by_name) as by, ${utc(sql`c.asked_at`)} as "askedAt", c.state,
      ${utc(sql`c.answered_at`)} as "answeredAt", c.answer
    from sluice_system_check c join sluice_job_agent a using (agent_id) where ${which}`,
  )
}

export async function readCheck(session: Session, check: string): Promise<SystemCheck | undefined> {
  await run(session, expire)
  const { rows } = await run(session, checksWhere('checks/read', sql`c.check_id = ${sql.value(check)}::uuid`))
  return rows[0] === undefined ? undefined : systemCheckSchema.parse(rows[0])
}

/** The last ones of a source, newest first; of what was discovered, which may be long, the last one. */
export async function readChecks(
  session: Session,
  source: string,
  kind: CheckKind,
): Promise<readonly SystemCheck[]> {
  await run(session, expire)
  const most = kind === 'discover' ? 1 : mostShown
  const which = sql`c.source = ${sql.value(source)} and c.kind = ${sql.value(kind)}
    order by c.asked_at desc, c.check_id limit ${sql.literal(most)}`
  const { rows } = await run(session, checksWhere('checks/read-of-source', which))
  return rows.map((row) => systemCheckSchema.parse(row))
}

/** Those that wait for the agent, but for those that this process of it has fetched already. */
export async function fetchChecks(
  session: Session,
  { agent }: JobAgent,
  known: readonly string[],
): Promise<readonly SystemCheck[]> {
  const unknown = sql`c.agent_id = ${sql.value(agent)}::uuid and ${isOpen}
    and c.check_id <> all (${sql.value(known)}::uuid[])`
  // Asked every second of each agent, and nearly always in vain.
  const look = statement('checks/look', sql`select from sluice_system_check c where ${unknown}`)
  if (!(await exists(session, look))) return []
  const take = sql`update sluice_system_check c set state = 'taken' where ${unknown} and c.state = 'waiting'`
  await run(session, statement('checks/take', take))
  const { rows } = await run(session, checksWhere('checks/read-taken', sql`${unknown} order by c.asked_at`))
  return rows.map((row) => systemCheckSchema.parse(row))
}

/** `false`: it is over already, or another agent's. */
export async function answerCheck(
  session: Session,
  check: string,
  answer: CheckAnswer,
  token: string | undefined,
): Promise<boolean> {
  const { count } = await run(
    session,
    statement(
      'checks/answer',
      sql`update sluice_system_check c set state = 'answered', answered_at = clock_timestamp(),
        answer = ${sql.value(storableJson(answer))}::jsonb
      from sluice_job_agent a where a.agent_id = c.agent_id and ${isOfToken(token)}
        and c.check_id = ${sql.value(check)}::uuid and ${isOpen}`,
    ),
  )
  return count > 0
}
