/**
 * What an agent starts: the jobs of its configuration, and, where a server can ask for them, sources by themselves.
 *
 * @module
 */
import { type Configuration, type Job, type Source, sourceJob } from '@sluice/model'
import { isDelivered } from '../executions/announced-sources.ts'
import { beginsByItself, type ScheduledJob } from '../schedule/scheduled-job.ts'
import { NothingScheduledError, UnknownJobError } from './job-errors.ts'

export interface AgentWork {
  readonly jobs: readonly Job[]
  readonly sources: readonly Source[]
}

type Configured = Pick<Configuration, 'jobs' | 'agent' | 'sources'>

/** @param names Only these jobs and their sources; throws where nothing is left. */
export function agentWork(configuration: Configured, names: readonly string[] | undefined): AgentWork {
  const jobs = jobsOf(configuration, names)
  const reached = new Set(jobs.flatMap(sourcesOf))
  const sources =
    configuration.agent.server === undefined
      ? []
      : [...configuration.sources.values()].filter(
          (source) => isDelivered(source) && (names === undefined || reached.has(source.name)),
        )
  if (jobs.length === 0 && sources.length === 0) throw new NothingScheduledError(undefined)
  return { jobs, sources }
}

/** Of an agent that no job is named to: all that begin by themselves, and, where a server can ask for them, the others too. */
export function jobsOf(
  { jobs, agent }: Pick<Configured, 'jobs' | 'agent'>,
  names: readonly string[] | undefined,
): readonly Job[] {
  const asked = names?.map((name) => {
    const job = jobs.get(name)
    if (job === undefined) throw new UnknownJobError(name, [...jobs.keys()])
    if (agent.server === undefined && !beginsByItself(job)) throw new NothingScheduledError(name)
    return job
  })
  const all = asked ?? [...jobs.values()]
  return agent.server === undefined ? all.filter(beginsByItself) : all
}

/** All that may be begun, as the scheduler sees it. */
export function scheduledWork({ jobs, sources }: AgentWork): readonly ScheduledJob[] {
  return [...jobs, ...sources.map(({ name }) => sourceJob(name))].map(scheduled)
}

export function scheduled(job: Job): ScheduledJob {
  const { name, schedule, after, retry } = job
  return { name, schedule, after, retry, sources: sourcesOf(job) }
}

function sourcesOf({ steps }: Job): readonly string[] {
  return [...new Set(steps.flatMap(({ sources }) => sources))]
}
