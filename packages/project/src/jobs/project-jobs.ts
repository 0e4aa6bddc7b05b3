/**
 * A project as the steps of a job see it, and jobs as programs start them.
 *
 * @module
 */
import type { Configuration, Job, JobStage, RunBy, Schedule } from '@sluice/model'
import type { Project } from '../open/project.ts'
import { startTimes } from '../schedule/start-times.ts'
import { UnknownJobError } from './job-errors.ts'
import type { JobReport } from './job-report.ts'
import { recordExecution } from './record-execution.ts'
import { type RetryingOptions, retrying } from './retrying.ts'
import {
  carryOutJob,
  type RunJobOptions,
  type StageOptions,
  type StagePerformer,
  type StageResult,
} from './run-job.ts'
import { type StepSelection, selectSteps } from './select-steps.ts'
import { whileOpening } from './while-opening.ts'
import { aloneAtJob } from './work-folder-locks.ts'

/**
 * Runs a job of the project's configuration, once at a time on this machine.
 *
 * What goes wrong in a step is in the report. Throws when there is no such job or step, and when the job
 * is already running.
 *
 * @example
 * ```ts
 * import { openProject, runJob } from 'sluice'
 *
 * await using project = await openProject('.')
 * const report = await runJob(project, 'nightly')
 * for (const { step, state, sources } of report.steps) console.log(step, state, sources)
 * ```
 */
export async function runJob(
  project: Project,
  name: string,
  options: RunJobOptions = {},
): Promise<JobReport> {
  return await executeJob(project, jobOf(project.configuration, name), options)
}

/** As `runJob`; the job need not stand in the configuration. */
export async function executeJob(
  project: Project,
  job: Job,
  options: RunJobOptions = {},
): Promise<JobReport> {
  const { name } = job
  // Before anything is written of it.
  selectSteps(job, options)
  const { configuration, jobs: keeper } = project
  const { by = aProgram, signal, start = { cause: 'request', by } } = options
  return await aloneAtJob(configuration.workFolder, name, () =>
    recordExecution({ configuration, keeper, job, start, signal }, (recorded) =>
      carryOutJob(performerOf(project), job, {
        ...options,
        signal: recorded.signal,
        onEvent: (event) => {
          recorded.onEvent(event)
          options.onEvent?.(event)
        },
      }),
    ),
  )
}

const aProgram: RunBy = { kind: 'program', name: 'sluice' }

/**
 * Says at once what `runJob` would refuse, without opening the project: that there is no such job or step,
 * or that the job is at work.
 */
export async function checkJob(
  configuration: Configuration,
  name: string,
  selection: StepSelection = {},
): Promise<void> {
  selectSteps(jobOf(configuration, name), selection)
  await aloneAtJob(configuration.workFolder, name, async () => {})
}

/**
 * Opens the project for a job: again, as its retry says, where what it needs is away. That it could not be opened is kept as a result
 * of the job. Meanwhile the job can be stopped: by a signal, or as somebody asks for it (`StopAskedError`).
 */
export async function openForJob(
  configuration: Configuration,
  name: string,
  { open, by = aProgram, ...options }: OpenForJobOptions,
): Promise<Project> {
  const { retry } = jobOf(configuration, name)
  const { workFolder } = configuration
  const start = { cause: 'request', by } as const
  const { signal, stop } = options
  return await whileOpening({ workFolder, job: name, start, signals: [signal, stop] }, (ending) =>
    retrying(open, { retry, ...options, signal: ending }),
  )
}

export interface OpenForJobOptions extends Omit<RetryingOptions, 'retry'> {
  readonly open: () => Promise<Project>
  /** Who wants the job; a program when absent. */
  readonly by?: RunBy | undefined
}

export function jobOf({ jobs }: Configuration, name: string): Job {
  const job = jobs.get(name)
  if (job === undefined) throw new UnknownJobError(name, [...jobs.keys()])
  return job
}

function performerOf(project: Project): StagePerformer {
  return {
    sources: project.configuration.sources,
    perform: (stage, source, options) => perform(project, stage, source, options),
    heldRun: async (source) => {
      const runs = await project.repository.runs({ source })
      return runs.find(({ state }) => state === 'held')?.run ?? undefined
    },
  }
}

async function perform(
  project: Project,
  stage: JobStage,
  source: string,
  { force, hold, ...options }: StageOptions,
): Promise<StageResult> {
  const { stages } = project
  switch (stage) {
    case 'sync':
      return { reports: [await project.sync(source, { ...options, force, hold })] }
    case 'export':
      await stages.export(source, options)
      return { reports: [] }
    case 'prepare':
      await stages.prepare(source, options)
      return { reports: [] }
    case 'deliver': {
      const outcome = await stages.deliver(source, options)
      // Nothing waits: it has been delivered already.
      if (outcome.kind !== 'dropped') return { reports: [] }
      return { reports: [], problem: `The delivery of "${source}" was dropped: ${outcome.reason}.` }
    }
    case 'synchronize':
      return { reports: await project.synchronize(source, { ...options, force }) }
    case 'age': {
      const report = await project.age(source, { ...options, force })
      return { reports: report === undefined ? [] : [report] }
    }
  }
}

/** When a schedule starts its job next, without its jitter. */
export function nextStart(schedule: Schedule, after: Date): Date | undefined {
  const instant = startTimes(schedule).after(after.getTime())
  return instant === undefined ? undefined : new Date(instant)
}
