/**
 * Jobs of a project whose repository is opened here, and whose agent works in the same folder.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { findAgentHolder } from '@sluice/agent'
import {
  type Configuration,
  type Execution,
  type ExecutionHead,
  type ExecutionRecord,
  type JobRecord,
  type RunBy,
  SluiceError,
} from '@sluice/model'
import { notifyOfJobs } from '@sluice/notify'
import { JobNotAtWorkError, type NewestExecutions, type Repository } from '@sluice/repository'
import { keeperHere } from '../open/job-keeper.ts'
import { readScheduleState, schedulePath } from '../schedule/schedule-state.ts'
import { identityOf } from './agent-identity.ts'
import { announcedJobs } from './announced-jobs.ts'
import { readJournal } from './execution-journal.ts'
import { handOver } from './hand-over.ts'
import type { Jobs, ListedJobs, StoppedJob, WhichAgent } from './jobs.ts'
import { stopHere } from './stop-here.ts'

export interface JobsHereOptions {
  readonly configuration: Pick<Configuration, 'jobs' | 'workFolder' | 'sources' | 'server' | 'notifications'>
  /** Opens the repository for one question. */
  readonly open: () => Promise<Repository>
  /** Who asks for something. */
  readonly by: RunBy
}

/** `SLUICE-REPOSITORY-04`: another process has the repository's folder open. */
const inUse = 'SLUICE-REPOSITORY-04'
/** Milliseconds between two looks at what is at work. */
const look = 300

export function jobsHere(options: JobsHereOptions): Jobs {
  const { workFolder } = options.configuration
  return {
    list: () => list(options),
    results: (query = {}) => asked(options, ({ jobs }) => jobs.executions(query)),
    result: async (id) => {
      const found = (await readJournal(workFolder)).filter(({ execution }) => execution.startsWith(id))
      const [one] = found
      if (found.length === 1 && one?.state === 'running') return asRecord(one)
      return await asked(options, ({ jobs }) => jobs.execution(id))
    },
    ended: (execution, { signal } = {}) => ended(options, execution, signal),
    stop: (job, which = {}) => stop(options, job, which),
  }
}

/** With the repository open, and all in it that waits in the work folder. */
async function asked<T>(
  { configuration, open }: JobsHereOptions,
  ask: (repository: Repository) => Promise<T>,
): Promise<T> {
  await using repository = await open()
  await handOver(configuration.workFolder, keeperHere(repository, notifyOfJobs(configuration)))
  return await ask(repository)
}

async function list(options: JobsHereOptions): Promise<ListedJobs> {
  const { workFolder, jobs } = options.configuration
  const found = await asked(options, (repository) => repository.jobs.newest()).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === inUse) return error.message
    throw error
  })
  const newest = typeof found === 'string' ? new Map<string, NewestExecutions>() : found
  const { jobs: records } = await readScheduleState(schedulePath(workFolder))
  const journal = await readJournal(workFolder)
  const agent = {
    ...(await identityOf(workFolder)),
    askedAt: null,
    there: findAgentHolder(workFolder, 'agent') !== undefined,
  }
  const listed = announcedJobs(jobs.values(), records, new Date()).map((job): JobRecord => {
    const { atWork = null, last = null } = newest.get(job.job) ?? {}
    const here = journal.find((one) => one.job === job.job && one.state === 'running')
    return { ...job, agent, atWork: here === undefined ? atWork : headOf(here), last, asked: null }
  })
  return typeof found === 'string' ? { jobs: listed, resultsUnknown: found } : { jobs: listed }
}

/** As it is known here, this moment. */
function asRecord(execution: Execution): ExecutionRecord {
  return { ...execution, heardAt: new Date().toISOString() }
}

function headOf(execution: Execution): ExecutionHead {
  const { agent: _agent, job: _job, start: _start, error: _error, steps, ...head } = asRecord(execution)
  return { ...head, step: steps.at(-1)?.step ?? null }
}

async function ended(
  options: JobsHereOptions,
  id: string,
  signal: AbortSignal | undefined,
): Promise<ExecutionRecord> {
  const { workFolder } = options.configuration
  for (;;) {
    const here = (await readJournal(workFolder)).find(({ execution }) => execution === id)
    if (here !== undefined && here.state !== 'running') return asRecord(here)
    if (here === undefined) {
      const kept = await asked(options, ({ jobs }) => jobs.execution(id)).catch(orInUse)
      if (kept !== undefined && kept.state !== 'running') return kept
    }
    await sleep(look, undefined, { signal })
  }
}

/** It lets go of the repository in a moment. */
function orInUse(error: unknown): undefined {
  if (error instanceof SluiceError && error.code === inUse) return undefined
  throw error
}

/** In this folder by a note, which needs no repository; elsewhere through the repository that is shared. */
async function stop(options: JobsHereOptions, job: string, which: WhichAgent): Promise<StoppedJob> {
  const { configuration, by } = options
  const here = await stopHere(configuration.workFolder, job, by)
  if (here !== undefined) return here
  const elsewhere = await asked(options, ({ jobs }) => jobs.stop({ job, by, ...which })).catch(orInUse)
  if (elsewhere === undefined) throw new JobNotAtWorkError(job)
  return elsewhere
}
