/**
 * Jobs as a repository keeps them: which there are, what became of their executions, and what people ask of them.
 *
 * @module
 */
import type {
  CheckAnswer,
  CheckKind,
  DeliveredSource,
  Execution,
  ExecutionRecord,
  JobAgent,
  JobRecord,
  Preview,
  PreviewAnswer,
  RunBy,
  StartRecord,
  SystemCheck,
} from '@sluice/model'
import type { Database, Session } from '../database/database.ts'
import { type Announcement, announceJobs, hearOf, readAskingAgents } from './job-agents.ts'
import {
  askStart,
  askStop,
  fetchStarts,
  type JobRequest,
  readStart,
  refuseStart,
  type SourceRequest,
} from './job-starts.ts'
import { type KeepOptions, type Kept, keepExecution } from './keep-execution.ts'
import {
  answerPreview,
  askPreview,
  fetchPreviews,
  forgetPreviews,
  type PreviewRequest,
  readPreview,
} from './previews.ts'
import {
  countExecutions,
  type ExecutionsQuery,
  readDeliveredSources,
  readExecution,
  readExecutions,
  readJobs,
  readNewest,
} from './read-executions.ts'
import {
  answerCheck,
  askCheck,
  type CheckRequest,
  fetchChecks,
  readCheck,
  readChecks,
} from './system-checks.ts'

/** `token`, wherever it is given: only agents that come with it are seen and believed. */
export interface JobStore {
  /** Keeps an execution as it is now, again and again until it has ended. Says who asks for it to be stopped. */
  keep(execution: Execution, options: KeepOptions): Promise<Kept>
  /** Newest first. */
  executions(query?: ExecutionsQuery): Promise<readonly ExecutionRecord[]>
  /** By its id, or by the beginning of it where no other one begins so. */
  execution(id: string, token?: string): Promise<ExecutionRecord | undefined>
  /** Those that agents have announced. */
  list(token?: string): Promise<readonly JobRecord[]>
  /** The agents that deliver a source, with what each does with it by itself. */
  delivered(source: string, token?: string): Promise<readonly DeliveredSource[]>
  /** What is at work of each job and how it ended last, by job, of whatever agent. */
  newest(): ReturnType<typeof readNewest>
  /** An agent that follows schedules says which jobs it has, and fetches what waits for it. */
  checkIn(agent: JobAgent, checkIn: CheckIn, token?: string): Promise<Fetched>
  /** What waits for an agent by now, as `checkIn` gives it. */
  fetch(agent: JobAgent, known: readonly string[]): Promise<Fetched>
  /** Asks for a job or a source to be started; throws where its agent is not there or it is at work. */
  start(request: JobRequest | SourceRequest): Promise<StartRecord>
  startRecord(start: string, token?: string): Promise<StartRecord | undefined>
  /** The agent says why it does not begin the job. */
  refuseStart(start: string, reason: string, token?: string): Promise<boolean>
  /** Asks for the execution that is at work to be stopped; throws where there is none. */
  stop(request: JobRequest): ReturnType<typeof askStop>
  /** Asks for the connection of a source to be checked by its agent; throws where that is not there, or checks none. */
  askCheck(request: CheckRequest): Promise<SystemCheck>
  check(check: string): Promise<SystemCheck | undefined>
  /** Of a source, the newest first. */
  checks(source: string, kind?: CheckKind): Promise<readonly SystemCheck[]>
  /** The agent says what it has found. */
  answerCheck(check: string, answer: CheckAnswer, token?: string): Promise<boolean>
  /** Asks for rows of a source to be shown by its agent; throws where that is not there, or permits none. */
  askPreview(request: PreviewRequest): Promise<Preview>
  /** For whoever has asked for it; what is answered is given once. */
  preview(preview: string, by: RunBy): Promise<Preview | undefined>
  /** The agent says what it has found. */
  answerPreview(preview: string, answer: PreviewAnswer, token?: string): Promise<boolean>
  /** What nobody has read in time. */
  forgetPreviews(): Promise<void>
  count(): ReturnType<typeof countExecutions>
  /** Agents that follow schedules, and have not said that they leave. */
  agents(): ReturnType<typeof readAskingAgents>
}

/** What people want of an agent. */
export interface Fetched {
  readonly starts: readonly StartRecord[]
  readonly checks: readonly SystemCheck[]
  readonly previews: readonly Preview[]
}

interface CheckIn extends Announcement {
  /** Requests that the process of the agent has fetched already. */
  readonly known: readonly string[]
}

export function openJobStore(database: Database): JobStore {
  return {
    keep: (execution, options) =>
      database.transaction((session) => keepExecution(session, execution, options)),
    executions: (query = {}) => database.session((session) => readExecutions(session, query)),
    execution: (id, token) => database.session((session) => readExecution(session, id, token)),
    list: (token) => database.session((session) => readJobs(session, token)),
    delivered: (source, token) => database.session((session) => readDeliveredSources(session, source, token)),
    newest: () => database.session(readNewest),
    checkIn: (agent, { known, ...announcement }, token) =>
      database.transaction(async (session) => {
        await hearOf(session, agent, token)
        await announceJobs(session, agent, announcement)
        return announcement.leaving === true ? nothing : await fetchAll(session, agent, known)
      }),
    fetch: (agent, known) => database.transaction((session) => fetchAll(session, agent, known)),
    start: (request) => database.transaction((session) => askStart(session, request)),
    startRecord: (start, token) => database.transaction((session) => readStart(session, start, token)),
    refuseStart: (start, reason, token) =>
      database.session((session) => refuseStart(session, start, reason, token)),
    stop: (request) => database.transaction((session) => askStop(session, request)),
    askCheck: (request) => database.transaction((session) => askCheck(session, request)),
    check: (check) => database.transaction((session) => readCheck(session, check)),
    checks: (source, kind = 'check') => database.transaction((session) => readChecks(session, source, kind)),
    answerCheck: (check, answer, token) =>
      database.session((session) => answerCheck(session, check, answer, token)),
    askPreview: (request) => database.transaction((session) => askPreview(session, request)),
    preview: (preview, by) => database.transaction((session) => readPreview(session, preview, by)),
    answerPreview: (preview, answer, token) =>
      database.session((session) => answerPreview(session, preview, answer, token)),
    forgetPreviews: () => database.session(forgetPreviews),
    count: () => database.session(countExecutions),
    agents: () => database.session(readAskingAgents),
  }
}

const nothing: Fetched = { starts: [], checks: [], previews: [] }

async function fetchAll(session: Session, agent: JobAgent, known: readonly string[]): Promise<Fetched> {
  return {
    starts: await fetchStarts(session, agent, known),
    checks: await fetchChecks(session, agent, known),
    previews: await fetchPreviews(session, agent, known),
  }
}
