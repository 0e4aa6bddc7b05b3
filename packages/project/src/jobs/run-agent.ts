/**
 * The agent of a project: starts its jobs by their schedules and delivers what waits, until it is stopped.
 *
 * @module
 */
import { readQueue } from '@sluice/agent'
import {
  ages,
  type CheckAnswer,
  type Configuration,
  type JobState,
  type Preview,
  type PreviewAnswer,
  type StartRecord,
  type SystemCheck,
  sourceJob,
} from '@sluice/model'
import { identityOf } from '../executions/agent-identity.ts'
import { announcedJobs } from '../executions/announced-jobs.ts'
import { announcedSources } from '../executions/announced-sources.ts'
import { agentNeedsRestart } from '../open/needs-restart.ts'
import type { Project } from '../open/project.ts'
import { pruneFiles } from '../open/prune-files.ts'
import type { AgentLog } from '../schedule/agent-log.ts'
import { keepAgeing } from '../schedule/keep-ageing.ts'
import { keepDelivering, type WaitingDeliveries } from '../schedule/keep-delivering.ts'
import { keepPruning } from '../schedule/keep-pruning.ts'
import { schedulePath } from '../schedule/schedule-state.ts'
import { beginsByItself, type ScheduledJob, type ScheduledStart } from '../schedule/scheduled-job.ts'
import { Scheduler } from '../schedule/scheduler.ts'
import { SourceReservations } from '../schedule/source-reservations.ts'
import { type AgentWatcher, toldOf, watched } from './agent-watcher.ts'
import { type AgentWork, agentWork, jobsOf, scheduled, scheduledWork } from './agent-work.ts'
import { checkConnection, type SystemQuestions, showRows } from './check-connection.ts'
import { inOrder } from './in-order.ts'
import { JobRunningError, NothingScheduledError, UncheckedError, UnshownError } from './job-errors.ts'
import { describeError, loggedWork, watchedWork } from './job-log.ts'
import { keepAsking } from './keep-asking.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { executeJob, jobOf } from './project-jobs.ts'
import { recordFailedStart } from './record-execution.ts'
import { type NextTry, retrying } from './retrying.ts'
import { SharedProject } from './shared-project.ts'
import { StopAskedError } from './stop-asked-error.ts'
import { type ServerWatch, watchServer } from './watch-server.ts'
import { OpeningEndedError, whileOpening } from './while-opening.ts'
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
  /** Is told what happens. */
  readonly watcher?: AgentWatcher | undefined
  /** How managed systems are asked when somebody wants that at the server; absent: none is. */
  readonly systems?: SystemQuestions | undefined
  /** Calls its listener whenever the configuration shall be read again. */
  readonly onReload?: ((listener: () => void) => void) | undefined
}

/** Follows the schedules until it is stopped. Throws `AgentRunningError` where another agent works already. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const configuration = await options.configure()
  const work = agentWork(configuration, options.jobs)
  await aloneAsAgent(configuration.workFolder, () => followSchedules(configuration, work, options))
}

async function followSchedules(
  configuration: Configuration,
  work: AgentWork,
  options: AgentOptions,
): Promise<void> {
  const { log, stop, onReload } = options
  const project = new SharedProject(options.open, stop)
  const reservations = new SourceReservations()
  const watch = toldOf(watchServer(log), options.watcher)
  const scheduler = new Scheduler({
    jobs: scheduledWork(work),
    statePath: schedulePath(configuration.workFolder),
    reservations,
    run: (job, start) =>
      watched(options.watcher, job.name, () =>
        runLogged(project, job, { ...options, workFolder: configuration.workFolder, start, watch }),
      ),
    log,
    stop,
  })
  let known = work
  let changed = new AbortController()
  onReload?.(() => {
    void reload(options, configuration, (found) => {
      known = found
      scheduler.replace(scheduledWork(found))
      changed.abort()
      changed = new AbortController()
    })
  })
  const { server, remoteChecks, remotePreviews } = configuration.agent
  const systems = remoteChecks ? options.systems : undefined
  const shown = remotePreviews ? options.systems : undefined
  const alone = oneAtATime()
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
  const pruning = pruneByItself(configuration, project, options)
  const asking =
    server === undefined
      ? Promise.resolve()
      : keepAsking({
          agent: await identityOf(configuration.workFolder),
          workFolder: configuration.workFolder,
          open: options.open,
          announced: () => ({
            jobs: announcedJobs(known.jobs, scheduler.records, new Date()),
            sources: announcedSources(known.sources, {
              checks: systems !== undefined,
              previews: shown !== undefined,
            }),
          }),
          changed: () => changed.signal,
          begin: (request) => beginRequested(scheduler, known, request),
          check: (request) => checkRequested(known, request, systems, stop),
          preview: (request) => alone(() => previewRequested(known, request, shown, stop)),
          log,
          stop,
        })
  await Promise.all([scheduler.run(), delivering, ageing, pruning, asking])
  log.info({}, 'the agent ended')
}

/** Why it is not begun; `undefined`: it is. */
function beginRequested(
  scheduler: Scheduler,
  { jobs, sources }: AgentWork,
  { job, source, mode, hold, by, start: request }: StartRecord,
): string | undefined {
  const meant = source === null ? `job "${job}"` : `source "${source}"`
  const has =
    source === null ? jobs.some(({ name }) => name === job) : sources.some(({ name }) => name === source)
  if (!has) return `This agent has no ${meant} any more.`
  const alone = source === null ? undefined : { name: source, mode: mode ?? undefined, hold }
  const begun = scheduler.begin(job, { cause: 'request', by, request, source: alone })
  return begun ? undefined : `The ${meant} is already running, or about to begin.`
}

function checkRequested(
  { sources }: AgentWork,
  request: SystemCheck,
  systems: SystemQuestions | undefined,
  stop: AbortSignal,
): Promise<CheckAnswer> {
  const { source } = request
  const known = sources.some(({ name }) => name === source)
  const questions = () => {
    if (systems === undefined || !known) throw new UncheckedError(source)
    return systems
  }
  return checkConnection(request, questions, stop)
}

/** Whatever its server asks for: the files of this machine have the last word. */
function previewRequested(
  { sources }: AgentWork,
  request: Preview,
  systems: SystemQuestions | undefined,
  stop: AbortSignal,
): Promise<PreviewAnswer> {
  const { source } = request
  const questions = () => {
    if (systems === undefined || !sources.some(({ name }) => name === source)) throw new UnshownError(source)
    return systems
  }
  return showRows(request, questions, stop)
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

/** What lies at a server, it prunes itself. */
async function pruneByItself(
  configuration: Configuration,
  project: SharedProject,
  { log, stop }: AgentOptions,
): Promise<void> {
  const { retention, agent, repository } = configuration
  if (retention.every === undefined) return
  const options = { signal: stop }
  await keepPruning({
    prune: () =>
      agent.server === undefined
        ? project.use((opened) => opened.prune(options))
        : pruneFiles(configuration, options),
    every: repository.kind === 'folder' ? Math.max(retention.every, folderAgeing) : retention.every,
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
  const jobs = jobsOf(configuration, options.jobs).filter(beginsByItself).map(scheduled)
  if (jobs.length === 0) throw new NothingScheduledError(undefined)
  const { workFolder } = configuration
  return await aloneAsAgent(workFolder, () => runOnce(workFolder, jobs, options))
}

async function runOnce(
  workFolder: string,
  jobs: readonly ScheduledJob[],
  options: AgentOptions,
): Promise<readonly JobState[]> {
  const { stop, log } = options
  const project = new SharedProject(options.open, stop)
  const reservations = new SourceReservations()
  const watch = watchServer(log)
  const run = async (job: ScheduledJob): Promise<JobState> => {
    try {
      const start = { cause: 'once', by: { kind: 'schedule', name: job.name } } as const
      const work = () => runLogged(project, job, { ...options, workFolder, start, watch })
      const state = await reservations.run(job.sources, stop, work)
      if (state === 'stopped on request') return 'stopped'
      return state === 'left out' ? 'failed' : state
    } catch (error) {
      if (stop.aborted) return 'stopped'
      log.error({ job: job.name, ...describeError(error) }, 'the job failed')
      return 'failed'
    }
  }
  return [...(await inOrder(jobs, run, log)).values()]
}

async function reload(
  { configure, jobs, log }: AgentOptions,
  taken: Configuration,
  replace: (work: AgentWork) => void,
): Promise<void> {
  try {
    const found = await configure()
    replace(agentWork(found, jobs))
    const settings = agentNeedsRestart(taken, found)
    if (settings.length > 0)
      log.warn({ settings }, 'these settings hold as they were until the agent is started again')
  } catch (error) {
    log.error(describeError(error), 'the configuration cannot be used; the schedules stay as they are')
  }
}

interface LoggedRun extends Pick<AgentOptions, 'log' | 'stop' | 'signal' | 'watcher'> {
  readonly workFolder: string
  readonly start: ScheduledStart
  readonly watch: ServerWatch
}

/** `stopped on request`: somebody wanted this job to end, so that it does not begin again by itself. */
type Ended = JobState | 'left out' | 'stopped on request'

async function runLogged(
  project: SharedProject,
  { name: job, retry }: ScheduledJob,
  { workFolder, start, watch, watcher, log, stop, signal }: LoggedRun,
): Promise<Ended> {
  // What happens in a step is tried again there; what comes here is a project that cannot be opened.
  const onRetry = (next: NextTry) => log.warn({ job, ...next }, 'the job is tried again')
  try {
    await using lease = await whileOpening({ workFolder, job, start, signals: [signal, stop] }, (ending) =>
      retrying(() => project.lease(ending), { retry, onRetry, signal: ending }),
    )
    const { source } = start
    const asked =
      source === undefined ? jobOf(lease.project.configuration, job) : sourceJob(source.name, source)
    const report = await executeJob(lease.project, asked, {
      by: source === undefined ? { kind: 'schedule', name: job } : start.by,
      start,
      stop,
      signal,
      ...loggedWork(log, job, watch, watcher),
    })
    const onRequest = report.state === 'stopped' && report.stoppedBy !== undefined
    return onRequest ? 'stopped on request' : report.state
  } catch (error) {
    if (error instanceof OpeningEndedError) return 'stopped'
    if (error instanceof StopAskedError) {
      log.warn({ job, by: error.stop.by.name }, 'the job was stopped before it began')
      return 'stopped on request'
    }
    if (!(error instanceof JobRunningError)) throw error
    log.warn({ job, ...describeError(error) }, 'the start is left out')
    // Whoever asked for it waits for an answer.
    if (start.request !== undefined) await recordFailedStart({ workFolder }, job, start, error)
    return 'left out'
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
