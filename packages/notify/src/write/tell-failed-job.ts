/**
 * Notifies of jobs that failed or were cut off, in the transaction in which that becomes known.
 *
 * @module
 */
import type { Configuration, ExecutionRecord, Notified, NotifiedJob } from '@sluice/model'
import { notificationKinds } from '@sluice/model'
import type { OnJobFailed } from '@sluice/repository'
import { JobCutOffError } from '../notify-errors.ts'
import { samenessOfFacts } from './sameness.ts'
import { writeNotification } from './write-notification.ts'

/** So many sources of a step are told of one by one. */
const mostTold = 20

export interface JobContext extends Pick<Configuration, 'sources' | 'notifications'> {
  readonly server: Pick<Configuration['server'], 'publicUrl'>
}

export function notifyOfJobs(configuration: JobContext): OnJobFailed {
  return async (session, execution) => {
    const content = describeFailedJob(configuration, execution)
    await writeNotification(session, configuration, {
      kind: 'jobFailed',
      sources: sourcesOf(content.job),
      sameness: samenessOfFacts('jobFailed', factsOf(content.job), content.error?.message ?? ''),
      content,
    })
  }
}

/** Those that failed; or, where no step has failed, all at which it ended: none are known of one that could not begin. */
function sourcesOf({ failed }: NotifiedJob): readonly string[] {
  return [...new Set(failed.flatMap(({ sources }) => sources.map(({ source }) => source)))]
}

function factsOf({ job, agent, state, step, failed }: NotifiedJob): readonly string[] {
  const sources = failed.flatMap((one) =>
    one.sources.map(({ source, error }) => `${one.step} ${source} ${error?.code ?? ''}`),
  )
  return [job, agent.agent, state, step ?? '', ...sources.sort()]
}

function describeFailedJob(
  { server }: Pick<JobContext, 'server'>,
  execution: ExecutionRecord,
): Notified & { readonly job: NotifiedJob } {
  const job = essentialsOf(execution)
  return {
    source: null,
    owner: null,
    subject: subjectOf(job),
    run: null,
    error: errorOf(execution, job),
    lateness: null,
    job,
    link:
      server.publicUrl === undefined ? null : `${server.publicUrl}/api/v1/job-results/${execution.execution}`,
  }
}

function essentialsOf(execution: ExecutionRecord): NotifiedJob {
  const { job, agent, cause, by, startedAt, finishedAt, heardAt, steps } = execution
  return {
    job,
    execution: execution.execution,
    agent,
    state: execution.state === 'failed' ? 'failed' : 'interrupted',
    cause,
    by: by.name,
    startedAt,
    finishedAt,
    heardAt,
    step: steps.at(-1)?.step ?? null,
    failed: steps
      .filter(({ state, warning }) => state === 'failed' && !warning)
      .map(({ step, stage, sources }) => ({
        step,
        stage,
        sources: sources
          .filter(({ state }) => state === 'failed')
          .slice(0, mostTold)
          .map(({ source, reason, error, runs }) => ({ source, reason, error, runs })),
      })),
  }
}

/** What kept it from its first step, or was wrong with the first source that failed. */
function errorOf({ error }: ExecutionRecord, job: NotifiedJob): Notified['error'] {
  if (error !== null) return error
  if (job.state === 'interrupted') {
    const { code, message, remedy } = new JobCutOffError(job.execution)
    return { code, message, remedy: remedy ?? null }
  }
  return job.failed.flatMap(({ sources }) => sources.flatMap((one) => one.error ?? []))[0] ?? null
}

/** `job nightly failed (step load: hr, sites)` */
function subjectOf(job: NotifiedJob): string {
  const [first] = job.failed
  const sources = first?.sources.map(({ source }) => source) ?? []
  const shown = sources.slice(0, 3).join(', ')
  const more = sources.length > 3 ? ` and ${sources.length - 3} more` : ''
  const where = first === undefined ? (job.step ?? undefined) : `${first.step}: ${shown}${more}`
  const what = job.state === 'failed' ? notificationKinds.jobFailed.subject : 'was cut off'
  return `job ${job.job} ${what}${where === undefined ? '' : ` (step ${where})`}`
}
