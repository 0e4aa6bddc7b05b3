/**
 * What the agent's log says of a job at work: its steps, what export programs write, and that a server is waited for.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import { SluiceError } from '@sluice/model'
import type { AgentLog } from '../schedule/agent-log.ts'
import type { AgentWatcher } from './agent-watcher.ts'
import type { JobEvent, SourceOutcome } from './job-report.ts'
import type { RunJobOptions } from './run-job.ts'
import type { ServerWatch } from './watch-server.ts'

/** The listeners of a job that is logged. */
export function loggedWork(
  log: AgentLog,
  job: string,
  server: ServerWatch,
  watcher?: AgentWatcher,
): Pick<RunJobOptions, 'onEvent' | 'onProgress' | 'onAnswer' | 'onProgramLine'> {
  return {
    onEvent: (event) => {
      logEvent(log, job, event)
      if (event.kind === 'source ended' && event.outcome.state === 'failed')
        watcher?.sourceFailed({ source: event.outcome.source, code: codeOf(event.outcome.error) })
    },
    ...watchedWork(server),
    onProgramLine: (source, { stream, text }) => log.info({ job, source, stream, text }, 'the export says'),
  }
}

/** Of a run that failed it stands in its report, and at the server. */
function codeOf(thrown: unknown): string {
  if (thrown === undefined) return 'run'
  const error = asFileFailure(thrown)
  return error instanceof SluiceError ? error.code : 'SLUICE-DEFECT'
}

/** Listeners for what is done where only the server matters. */
export function watchedWork(server: ServerWatch): Pick<RunJobOptions, 'onProgress' | 'onAnswer'> {
  return {
    onProgress: ({ retrying }) => {
      if (retrying !== undefined) server.away(retrying)
    },
    onAnswer: () => server.answered(),
  }
}

function logEvent(log: AgentLog, job: string, event: JobEvent): void {
  switch (event.kind) {
    case 'step started':
      log.info({ job, step: event.step }, 'the step begins')
      return
    case 'source retried':
      log.warn({ job, step: event.step, source: event.source, ...event.next }, 'the source is tried again')
      return
    case 'source ended':
      logOutcome(log, { job, step: event.step }, event.outcome)
      return
    case 'step ended': {
      const { step, state, warning, milliseconds } = event.outcome
      const data = { job, step, state, milliseconds: Math.round(milliseconds) }
      if (state === 'failed' && !warning) log.error(data, 'the step failed')
      else if (warning) log.warn(data, 'the step failed, and the job goes on')
      else log.info(data, 'the step ended')
    }
  }
}

function logOutcome(log: AgentLog, where: object, outcome: SourceOutcome): void {
  const { source, state, reason, reports, error, milliseconds } = outcome
  const data = {
    ...where,
    source,
    state,
    ...(reports.length === 0 ? {} : { runs: reports.map(({ run }) => run), changes: changesOf(outcome) }),
    ...(error === undefined ? { reason } : describeError(error)),
    milliseconds: Math.round(milliseconds),
  }
  if (state === 'failed') log.error(data, 'the source failed')
  else if (state === 'done') log.info(data, 'the source is done')
  else log.warn(data, 'the source is not done')
}

function changesOf({ reports }: SourceOutcome) {
  const all = reports.flatMap((report) => [...report.entities, ...report.associations])
  const sum = (kind: 'inserted' | 'updated' | 'deleted') =>
    all.reduce((total, { changes }) => total + changes[kind], 0)
  return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
}

/** What Sluice throws on purpose speaks for itself; anything else is a defect and comes with its stack. */
export function describeError(thrown: unknown): object {
  const error = asFileFailure(thrown)
  if (!(error instanceof SluiceError)) return { err: error }
  const { code, message, remedy } = error
  return { code, reason: message, ...(remedy === undefined ? {} : { remedy }) }
}
