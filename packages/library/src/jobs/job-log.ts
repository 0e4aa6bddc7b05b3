/**
 * What the agent's log says of a job at work: its steps, what export programs write, and that a server is waited for.
 *
 * @module
 */
import type { AgentLog } from '@sluice/agent'
import { type Progress, SluiceError } from '@sluice/model'
import type { JobEvent, SourceOutcome } from './job-report.ts'
import type { RunJobOptions } from './run-job.ts'

/** The listeners of a job that is logged. */
export function loggedWork(
  log: AgentLog,
  job: string,
): Pick<RunJobOptions, 'onEvent' | 'onProgress' | 'onProgramLine'> {
  return {
    onEvent: (event) => logEvent(log, job, event),
    onProgress: retryLogger(log, job),
    onProgramLine: (source, { stream, text }) =>
      log.info({ job, source, stream, text }, 'the export program says'),
  }
}

/** One line when a server begins to be waited for: its repetitions would say nothing more. */
function retryLogger(log: AgentLog, job: string): (progress: Progress) => void {
  const reasons = new Map<string, string>()
  return ({ source, retrying }) => {
    const before = reasons.get(source)
    if (retrying === undefined) reasons.delete(source)
    else reasons.set(source, retrying)
    if (retrying !== undefined && retrying !== before)
      log.warn({ job, source, reason: retrying }, 'the server is tried again')
  }
}

function logEvent(log: AgentLog, job: string, event: JobEvent): void {
  switch (event.kind) {
    case 'step started':
      log.info({ job, step: event.step }, 'the step begins')
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
export function describeError(error: unknown): object {
  if (!(error instanceof SluiceError)) return { err: error }
  const { code, message, remedy } = error
  return { code, reason: message, ...(remedy === undefined ? {} : { remedy }) }
}
