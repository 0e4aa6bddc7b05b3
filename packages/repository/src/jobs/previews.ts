/**
 * Previews of rows that people ask agents for: kept until the agent asks what there is to do, and its answer until it is read, or for a minute.
 *
 * @module
 */
import {
  type JobAgent,
  type Preview,
  type PreviewAnswer,
  previewSchema,
  type RunBy,
  storableJson,
  storableText,
} from '@sluice/model'
import type { Row, Session } from '../database/database.ts'
import { exists, run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { agentMeant } from './agent-meant.ts'
import { agentObject, isOfToken, isThere } from './job-agents.ts'
import { AgentAwayError, NoPreviewsError, TooManyPreviewsError } from './job-errors.ts'
import { readDeliveredSources } from './read-executions.ts'
import { utc } from './utc.ts'

/** A connector is given a minute, and each of two threads twenty seconds. */
const goodFor = sql`interval '2 minutes'`
/** What was answered and is not read. */
const keptFor = sql`interval '1 minute'`
/** Open ones of an agent, which works on one at a time. */
const mostOpen = 5

export interface PreviewRequest {
  readonly source: string
  /** That the agent has; its only one when absent, and nothing is proposed. */
  readonly mapping?: string | undefined
  /** YAML. */
  readonly proposal?: string | undefined
  readonly rows: number
  /** Host or id of the agent, or the beginning of its id; needed where several deliver the source. */
  readonly agent?: string | undefined
  readonly by: RunBy
}

/** Who asks again does not want the one before any more. */
export async function askPreview(session: Session, request: PreviewRequest): Promise<Preview> {
  const { source, by } = request
  await forgetPreviews(session)
  const what = { kind: 'source', name: source } as const
  const known = await readDeliveredSources(session, source, undefined)
  const { agent, previews } = agentMeant(known, what, request.agent)
  const instead = `look at them there: sluice mapping try ${source}`
  if (!agent.there) throw new AgentAwayError(what, agent, agent.askedAt, instead)
  if (!previews) throw new NoPreviewsError(source, agent)
  await run(session, dropOwn(source, by))
  const { rows: open } = await run(session, openOf(agent))
  if (open.length >= mostOpen) throw new TooManyPreviewsError(agent)
  const { rows } = await run(session, insert(agent, request))
  const [made] = rows
  if (made === undefined) throw new TypeError('A row that is inserted is returned.')
  const which = sql`c.preview_id = ${sql.value(made.preview)}::uuid`
  return previewSchema.parse((await run(session, previewsWhere('previews/find-asked', which))).rows[0])
}

/** Condition on `c`. */
const isOpen: SQL = sql`c.state in ('waiting', 'taken')`

function dropOwn(source: string, by: RunBy): Statement {
  return statement(
    'previews/drop-own',
    sql`delete from sluice_preview where source = ${sql.value(source)} and by_kind = ${sql.value(by.kind)}
      and by_name = ${sql.value(storableText(by.name))}`,
  )
}

function openOf({ agent }: JobAgent): Statement<{ preview: string }> {
  return statement(
    'previews/read-open',
    sql`select c.preview_id as preview from sluice_preview c where c.agent_id = ${sql.value(agent)}::uuid and ${isOpen}`,
  )
}

function insert({ agent }: JobAgent, request: PreviewRequest): Statement<{ preview: string }> {
  const { source, mapping, proposal, rows, by } = request
  return statement(
    'previews/ask',
    sql`insert into sluice_preview (agent_id, source, mapping, proposal, rows, by_kind, by_name)
    values (${sql.value(agent)}::uuid, ${sql.value(source)}, ${sql.value(mapping ?? null)},
      ${sql.value(proposal === undefined ? null : storableText(proposal))}, ${sql.value(rows)}::integer,
      ${sql.value(by.kind)}, ${sql.value(storableText(by.name))}) returning preview_id as preview`,
  )
}

function previewsWhere(name: string, which: SQL): Statement<Row> {
  return statement(
    name,
    sql`select c.preview_id as preview, c.source, c.mapping, c.proposal, c.rows, ${agentObject} as agent,
      json_build_object('kind', c.by_kind, 'name', c.by_name) as by, ${utc(sql`c.asked_at`)} as "askedAt", c.state, c.answer
    from sluice_preview c join sluice_job_agent a using (agent_id) where ${which}`,
  )
}

/** Only for whoever has asked for it. What is answered is gone from here when it has been read once. */
export async function readPreview(
  session: Session,
  preview: string,
  by: RunBy,
): Promise<Preview | undefined> {
  await run(session, expire)
  const which = sql`c.preview_id = ${sql.value(preview)}::uuid and c.by_kind = ${sql.value(by.kind)}
    and c.by_name = ${sql.value(storableText(by.name))}`
  const { rows } = await run(session, previewsWhere('previews/read', sql`${which} for update of c`))
  if (rows[0] === undefined) return undefined
  const found = previewSchema.parse(rows[0])
  const remove = sql`delete from sluice_preview where preview_id = ${sql.value(preview)}::uuid`
  if (isOver(found)) await run(session, statement('previews/forget-read', remove))
  return found
}

function isOver({ state }: Preview): boolean {
  return state === 'answered' || state === 'expired'
}

/** Its agent has left, or says nothing. */
const expire = statement(
  'previews/expire',
  sql`update sluice_preview c set state = 'expired', answered_at = clock_timestamp() from sluice_job_agent a
  where a.agent_id = c.agent_id and ${isOpen}
    and (c.asked_at < clock_timestamp() - ${goodFor} or not ${isThere})`,
)

const isForgotten: SQL = sql`(c.answered_at < clock_timestamp() - ${keptFor}
  or c.asked_at < clock_timestamp() - ${goodFor} - ${keptFor})`
const look = statement('previews/look-forgotten', sql`select from sluice_preview c where ${isForgotten}`)
const forget = statement('previews/forget', sql`delete from sluice_preview c where ${isForgotten}`)

/** Those that nobody has read in time. */
export async function forgetPreviews(session: Session): Promise<void> {
  if (await exists(session, look)) await run(session, forget)
}

/** Those that wait for the agent, but for those that this process of it has fetched already. */
export async function fetchPreviews(
  session: Session,
  { agent }: JobAgent,
  known: readonly string[],
): Promise<readonly Preview[]> {
  const unknown = sql`c.agent_id = ${sql.value(agent)}::uuid and ${isOpen}
    and c.preview_id <> all (${sql.value(known)}::uuid[])`
  // Asked every second of each agent, and nearly always in vain.
  const waiting = statement('previews/look', sql`select from sluice_preview c where ${unknown}`)
  if (!(await exists(session, waiting))) return []
  const take = sql`update sluice_preview c set state = 'taken' where ${unknown} and c.state = 'waiting'`
  await run(session, statement('previews/take', take))
  const { rows } = await run(
    session,
    previewsWhere('previews/read-taken', sql`${unknown} order by c.asked_at`),
  )
  return rows.map((row) => previewSchema.parse(row))
}

/** `false`: it is over already, or another agent's. */
export async function answerPreview(
  session: Session,
  preview: string,
  answer: PreviewAnswer,
  token: string | undefined,
): Promise<boolean> {
  const { count } = await run(
    session,
    statement(
      'previews/answer',
      sql`update sluice_preview c set state = 'answered', answered_at = clock_timestamp(),
        answer = ${sql.value(storableJson(answer))}::jsonb
      from sluice_job_agent a where a.agent_id = c.agent_id and ${isOfToken(token)}
        and c.preview_id = ${sql.value(preview)}::uuid and ${isOpen}`,
    ),
  )
  return count > 0
}
