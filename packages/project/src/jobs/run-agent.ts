/**
 * The agent of a project: starts its jobs by their schedules and delivers what waits, until it is stopped.
 *
 * @module
 */
import { join } from 'node:path'
import { readQueue } from '@sluice/agent'
import { ages, type Configuration, type Job, type JobState } from '@sluice/model'
import type { Project } from '../open/project.ts'
import type { AgentLog } from '../schedule/agent-log.ts'
import { keepAgeing } from '../schedule/keep-ageing.ts'
import { keepDelivering, type WaitingDeliveries } from '../schedule/keep-delivering.ts'
import { type ScheduledJob, Scheduler } from '../schedule/scheduler.ts'
import { SourceReservations } from '../schedule/source-reservations.ts'
import { inOrder } from './in-order.ts'
import { JobRunningError, NothingScheduledError, UnknownJobError } from './job-errors.ts'
import { describeError, loggedWork, watchedWork } from './job-log.ts'
import { runJob } from './project-jobs.ts'
import { type NextTry, retrying, WaitEndedError } from './retrying.ts'
import { SharedProject } from './shared-project.ts'
import { type ServerWatch, watchServer } from './watch-server.ts'
import { aloneAsAgent } from './work-folder-locks.ts'

export interface AgentOptions {
  /** Reads the configuration; again when it is asked to. */
  readonly configure: () => Promise<Configuration>
  /** Opens the project, once for all jobs that are at work together. */
  readonly open: () => Promise<Project>
  /** Only these jobs; all that have a schedule when none is given. */
  readonly jobs?: readonly string[] | undefined
  readonly log: AgentLog
  /** Ends the agent after the steps at work, and at once its waiting for a server. */
  readonly stop: AbortSignal
  /** Gives up the work in hand too. */
  readonly signal: AbortSignal
  /** Calls its listener whenever the configuration shall be read again. */
  readonly onReload?: ((listener: () => void) => void) | undefined
}

/** Follows the schedules until it is stopped. Throws `AgentRunningError` where another agent works already. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const configuration = await options.configure()
  const jobs = scheduledJobs(configuration, options.jobs)
  await aloneAsAgent(configuration.workFolder, () => followSchedules(configuration, jobs, options))
}

async function followSchedules(
  configuration: Configuration,
  jobs: readonly ScheduledJob[],
  options: AgentOptions,
): Promise<void> {
  const { log, stop, onReload } = options
  const project = new SharedProject(options.open, stop)
  const reservations = new SourceReservations()
  const watch = watchServer(log)
  const scheduler = new Scheduler({
    jobs,
    statePath: join(configuration.workFolder, 'state', 'jobs.json'),
    reservations,
    run: (job) => runLogged(project, job, options, watch),
    log,
    stop,
  })
  onReload?.(() => void reload(scheduler, options))
  const { server } = configuration.agent
  log.info({ server: server ?? null, workFolder: configuration.workFolder }, 'the agent begins')
  const delivering =
    server === undefined
      ? Promise.resolve()
      : keepDelivering({
          waiting: waitingDeliveries(configuration, project, options, watch),
          reservations,
          log,
          stop,
        })
  const ageing = server === undefined ? ageByItself(configuration, project, options) : Promise.resolve()
  await Promise.all([scheduler.run(), delivering, ageing])
  log.info({}, 'the agent ended')
}

/** A folder belongs to one process at a time, so that it is opened for this once an hour at most. */
const folderAgeing = 3_600_000

async function ageByItself(
  configuration: Configuration,
  project: SharedProject,
  { log, stop, signal }: AgentOptions,
): Promise<void> {
  const { ageing, repository } = configuration
  const sources = [...configuration.sources.values()].filter(ages).map(({ name }) => name)
  if (ageing === undefined || sources.length === 0) return
  await keepAgeing({
    sources,
    every: repository.kind === 'folder' ? Math.max(ageing, folderAgeing) : ageing,
    age: (source) => project.use((opened) => opened.age(source, { spare: true, signal })),
    log,
    stop,
  })
}

/**
 * Runs each scheduled job once, those without a common source together; how each of them ended.
 *
 * Nothing is written of it among the starts of the schedules: another scheduler asked for it, and an agent that follows
 * the schedules shall neither take it for one of its own nor begin it again when it was killed.
 */
export async function runAgentOnce(options: AgentOptions): Promise<readonly JobState[]> {
  const configuration = await options.configure()
  const jobs = scheduledJobs(configuration, options.jobs)
  return await aloneAsAgent(configuration.workFolder, () => runOnce(jobs, options))
}

async function runOnce(jobs: readonly ScheduledJob[], options: AgentOptions): Promise<readonly JobState[]> {
  const { stop, log } = options
  const project = new SharedProject(options.open, stop)
  const reservations = new SourceReservations()
  const watch = watchServer(log)
  const run = async (job: ScheduledJob): Promise<JobState> => {
    try {
      const work = () => runLogged(project, job, options, watch)
      const state = await reservations.run(job.sources, stop, work)
      return state === 'left out' ? 'failed' : state
    } catch (error) {
      if (stop.aborted) return 'stopped'
      log.error({ job: job.name, ...describeError(error) }, 'the job failed')
      return 'failed'
    }
  }
  return [...(await inOrder(jobs, run, log)).values()]
}

function scheduledJobs(
  { jobs }: Configuration,
  names: readonly string[] | undefined,
): readonly ScheduledJob[] {
  const asked = names?.map((name) => {
    const job = jobs.get(name)
    if (job === undefined) throw new UnknownJobError(name, [...jobs.keys()])
    if (!beginsByItself(job)) throw new NothingScheduledError(name)
    return job
  })
  const found = (asked ?? [...jobs.values()]).flatMap(scheduled)
  if (found.length === 0) throw new NothingScheduledError(undefined)
  return found
}

function scheduled(job: Job): readonly ScheduledJob[] {
  if (!beginsByItself(job)) return []
  const { name, schedule, after, retry, steps } = job
  return [{ name, schedule, after, retry, sources: [...new Set(steps.flatMap(({ sources }) => sources))] }]
}

function beginsByItself({ schedule, after }: Job): boolean {
  return schedule !== undefined || after.length > 0
}

async function reload(scheduler: Scheduler, { configure, jobs, log }: AgentOptions): Promise<void> {
  try {
    scheduler.replace(scheduledJobs(await configure(), jobs))
  } catch (error) {
    log.error(describeError(error), 'the configuration cannot be used; the schedules stay as they are')
  }
}

async function runLogged(
  project: SharedProject,
  { name: job, retry }: ScheduledJob,
  options: AgentOptions,
  watch: ServerWatch,
): Promise<JobState | 'left out'> {
  const { log, stop, signal } = options
  const work = async (): Promise<JobState | 'left out'> => {
    try {
      const report = await project.use((opened) =>
        runJob(opened, job, {
          by: { kind: 'schedule', name: job },
          stop,
          signal,
          ...loggedWork(log, job, watch),
        }),
      )
      return report.state
    } catch (error) {
      if (!(error instanceof JobRunningError)) throw error
      log.warn({ job, ...describeError(error) }, 'the start is left out')
      return 'left out'
    }
  }
  try {
    // What happens in a step is tried again there; what comes here is a project that cannot be opened.
    const onRetry = (next: NextTry) => log.warn({ job, ...next }, 'the job is tried again')
    return await retrying(work, { retry, onRetry, signal, stop })
  } catch (error) {
    if (!(error instanceof WaitEndedError)) throw error
    return 'stopped'
  }
}

/** Known from the files alone: the server is asked only when there is something for it. */
function waitingDeliveries(
  { sources, workFolder }: Configuration,
  project: SharedProject,
  { stop, signal }: AgentOptions,
  watch: ServerWatch,
): WaitingDeliveries {
  return {
    sources: async () => {
      const waiting: string[] = []
      for (const name of sources.keys()) {
        if (await waits(workFolder, name)) waiting.push(name)
      }
      return waiting
    },
    deliver: (source) =>
      project.use(async ({ stages }) => {
        const outcome = await stages.deliver(source, { stop, signal, ...watchedWork(watch) })
        return outcome.kind === 'dropped' ? outcome.reason : undefined
      }),
  }
}

/** One that cannot be read is told of by the attempt to deliver it, and keeps no other source from being delivered. */
async function waits(workFolder: string, source: string): Promise<boolean> {
  return await readQueue(workFolder, source).then(
    (queue) => queue.length > 0,
    () => true,
  )
}
