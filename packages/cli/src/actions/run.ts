/**
 * `sluice run`: carries out a job now, or says which jobs there are.
 *
 * @module
 */
import type { Job, OnProgress } from '@sluice/model'
import {
  checkJob,
  type JobReport,
  type JobState,
  nextStart,
  openForJob,
  runJob,
  StopAskedError,
} from '@sluice/project'
import { type Context, configurationOf, type GlobalOptions, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatJobEnd, formatJobEvent, formatNextTry, jobDocument } from '../output/job-report.ts'
import { ProgressLine } from '../output/progress-line.ts'
import { formatInstant } from '../output/quantities.ts'
import { formatTable } from '../output/table.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface RunFlags extends GlobalOptions {
  readonly from?: string
  readonly to?: string
  readonly only?: string
  readonly force?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export async function listJobs(context: Context, flags: RunFlags): Promise<ExitStatus> {
  const { out, err } = context
  if (
    flags.from !== undefined ||
    flags.to !== undefined ||
    flags.only !== undefined ||
    flags.force === true
  ) {
    throw new WrongUsageError('The name of a job is missing.', 'sluice run JOB')
  }
  const jobs = [...(await configurationOf(context, flags)).jobs.values()]
  if (flags.json === true) {
    const documents = jobs.map((job) => ({ ...job, next: nextOf(job) ?? null }))
    await out.line(JSON.stringify(documents, undefined, 2))
  } else if (jobs.length === 0) {
    await err.line('The configuration has no jobs yet; add one under `jobs:`.')
  } else {
    await out.line(formatJobs(jobs, context).join('\n'))
  }
  return exitStatus.done
}

function formatJobs(jobs: readonly Job[], { out }: Context): readonly string[] {
  const columns = ['job', 'steps', 'schedule', 'next start (UTC)', 'description'].map((title) => ({ title }))
  const rows = jobs.map((job) => {
    const { name, steps, description = '' } = job
    const next = nextOf(job)
    return [
      name,
      steps.map((step) => step.name).join(', '),
      formatStart(job),
      next ? formatInstant(next) : '',
      description,
    ]
  })
  return formatTable(columns, rows, { width: out.width, title: out.colors.bold })
}

/** By what it is begun: `30 2 * * * UTC, after load`. */
function formatStart({ schedule, after }: Job): string {
  const times = schedule === undefined ? [] : [`${schedule.cron} ${schedule.timeZone}`]
  const jobs = after.length === 0 ? [] : [`after ${after.join(', ')}`]
  return [...times, ...jobs].join(', ') || 'by hand'
}

function nextOf({ schedule }: Job): string | undefined {
  return schedule === undefined ? undefined : nextStart(schedule, new Date())?.toISOString()
}

export async function carryOut(context: Context, name: string, flags: RunFlags): Promise<ExitStatus> {
  const { out, err, signal } = context
  if (flags.only !== undefined && (flags.from !== undefined || flags.to !== undefined)) {
    throw new WrongUsageError(
      '--only runs a single step and cannot be combined with --from or --to.',
      'sluice run JOB --from STEP --to STEP',
    )
  }
  const { from, to, only, force } = flags
  const configuration = await configurationOf(context, flags)
  await checkJob(configuration, name, { from, to, only })
  const silent = flags.json === true || flags.quiet === true
  const progress = new ProgressLine(err)
  const by = { kind: 'command-line', name: context.user } as const
  const opened = await openForJob(configuration, name, {
    by,
    open: () => projectOf(context, flags),
    onRetry: (next) => {
      if (flags.json !== true) void err.line(formatNextTry(next, err.colors))
    },
    signal,
  }).catch(orStopped)
  if (opened instanceof StopAskedError) {
    await err.line(opened.message)
    return exitStatus.interrupted
  }
  await using project = opened
  const onProgress: OnProgress = (step) => {
    if (!silent) progress.show(step)
  }
  const report = await runJob(project, name, {
    from,
    to,
    only,
    force,
    start: { cause: 'request', by },
    signal,
    onProgress,
    onEvent: (event) => {
      if (flags.json === true) return
      const fine =
        event.kind === 'step started' || (event.kind === 'source ended' && event.outcome.state === 'done')
      if (flags.quiet === true && fine) return
      progress.clear()
      for (const line of formatJobEvent(event, out.colors, out.hint)) void out.line(line)
    },
  })
  progress.clear()
  if (flags.json === true) await out.line(JSON.stringify(jobDocument(report), undefined, 2))
  else if (flags.quiet !== true || report.state !== 'done') await writeEnd(context, report)
  signal.throwIfAborted()
  return statusOfJob(report.state)
}

/** Somebody stopped it before it could begin, which is no error. */
function orStopped(thrown: unknown): StopAskedError {
  if (thrown instanceof StopAskedError) return thrown
  throw thrown
}

async function writeEnd({ out }: Context, report: JobReport): Promise<void> {
  await out.line(formatJobEnd(report, out.colors))
}

export function statusOfJob(state: JobState): ExitStatus {
  switch (state) {
    case 'done':
      return exitStatus.done
    case 'held':
      return exitStatus.held
    case 'failed':
    case 'waiting':
      return exitStatus.failed
    case 'stopped':
      return exitStatus.interrupted
  }
}
