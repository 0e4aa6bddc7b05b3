/**
 * What is kept of an execution of a job, made of what it reports: values in, values out.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import {
  cutText,
  type ExecutedSource,
  type ExecutedStep,
  type Execution,
  type JobAgent,
  type JobStep,
  type RunBy,
  type RunReport,
  SluiceError,
  type StartCause,
} from '@sluice/model'
import type { SourceStart } from '../schedule/scheduled-job.ts'
import type { JobEvent, JobReport, SourceOutcome, StepOutcome } from './job-report.ts'
import type { NextTry } from './retrying.ts'

/** By what a job is begun. */
export interface JobStart {
  readonly cause: StartCause
  readonly by: RunBy
  /** The request at a server that it answers. */
  readonly request?: string | undefined
  /** A source that is synchronized by itself. */
  readonly source?: SourceStart | undefined
}

/** UTF-16 units of a reason; a server takes no request without end. */
const longestText = 2000

export function begunExecution(
  execution: string,
  of: { readonly job: string; readonly agent: JobAgent; readonly start: JobStart; readonly at: Date },
): Execution {
  const { job, agent, start, at } = of
  return {
    execution,
    job,
    source: start.source?.name ?? null,
    agent,
    state: 'running',
    cause: start.cause,
    by: start.by,
    start: start.request ?? null,
    startedAt: at.toISOString(),
    finishedAt: null,
    stop: null,
    error: null,
    steps: [],
  }
}

/** @param stages By the name of each step. */
export function withEvent(
  execution: Execution,
  event: JobEvent,
  stages: ReadonlyMap<string, JobStep['stage']>,
  at: Date,
): Execution {
  const steps = [...execution.steps]
  const position = steps.findLastIndex(({ step }) => step === stepOf(event))
  const begun = steps[position] ?? begunStep(stepOf(event), stages)
  const changed = changedStep(begun, event, at)
  if (position === -1) steps.push(changed)
  else steps[position] = changed
  return { ...execution, steps }
}

function stepOf(event: JobEvent): string {
  return event.kind === 'step ended' ? event.outcome.step : event.step
}

function begunStep(step: string, stages: ReadonlyMap<string, JobStep['stage']>): ExecutedStep {
  const stage = stages.get(step) ?? 'sync'
  return { step, stage, state: 'running', warning: false, sources: [], milliseconds: null }
}

function changedStep(step: ExecutedStep, event: JobEvent, at: Date): ExecutedStep {
  switch (event.kind) {
    case 'step started':
      return step
    case 'source retried':
      return { ...step, sources: withTry(step.sources, event.source, event.next, at) }
    case 'source ended':
      return { ...step, sources: withOutcome(step.sources, event.outcome) }
    case 'step ended':
      return endedStep(step, event.outcome)
  }
}

/** A source that is tried again is told of before it has ended: as one that waits. */
function withTry(
  sources: readonly ExecutedSource[],
  source: string,
  { reason }: NextTry,
  at: Date,
): ExecutedSource[] {
  const known = sources.find((one) => one.source === source)
  const failed = { at: at.toISOString(), reason: cutText(reason, longestText) }
  const failedTries = [...(known?.failedTries ?? []), failed]
  const nothing = { runs: [], changes: noChanges, rejected: 0, error: null, milliseconds: 0 }
  const tried = { source, state: 'waiting' as const, reason: failed.reason, ...nothing, failedTries }
  return [...sources.filter((one) => one.source !== source), tried]
}

function withOutcome(sources: readonly ExecutedSource[], outcome: SourceOutcome): ExecutedSource[] {
  const { source, state, reason, reports, error, milliseconds } = outcome
  const known = sources.find((one) => one.source === source)
  const ended: ExecutedSource = {
    source,
    state,
    reason: reason === undefined ? null : cutText(reason, longestText),
    runs: reports.flatMap(({ run }) => run ?? []),
    changes: changesOf(reports),
    rejected: rejectedOf(reports),
    failedTries: known?.failedTries ?? [],
    error: error === undefined ? null : describedError(error),
    milliseconds: Math.round(milliseconds),
  }
  return [...sources.filter((one) => one.source !== source), ended]
}

/** In the order of the configuration, whichever ended first. */
function endedStep(step: ExecutedStep, { state, warning, sources, milliseconds }: StepOutcome): ExecutedStep {
  const order = sources.map(({ source }) => source)
  const sorted = step.sources.toSorted((a, b) => order.indexOf(a.source) - order.indexOf(b.source))
  return { ...step, state, warning, sources: sorted, milliseconds: Math.round(milliseconds) }
}

const noChanges = { inserted: 0, updated: 0, deleted: 0 }

function changesOf(reports: readonly RunReport[]) {
  const all = reports.flatMap((report) => [...report.entities, ...report.associations])
  const sum = (kind: keyof typeof noChanges) => all.reduce((total, { changes }) => total + changes[kind], 0)
  return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
}

function rejectedOf(reports: readonly RunReport[]): number {
  const all = reports.flatMap((report) => [...report.entities, ...report.associations])
  return all.reduce((total, { rows }) => total + (rows?.rejected ?? 0), 0)
}

/** What Sluice throws on purpose speaks for itself; anything else is a defect. */
export function describedError(thrown: unknown): NonNullable<Execution['error']> {
  const error = asFileFailure(thrown)
  const message = cutText(error instanceof Error ? error.message : String(error), longestText)
  if (!(error instanceof SluiceError)) return { code: 'SLUICE-DEFECT', message, remedy: null }
  const { code, remedy } = error
  return { code, message, remedy: remedy === undefined ? null : cutText(remedy, longestText) }
}

export function endedExecution(execution: Execution, { state, finishedAt }: JobReport): Execution {
  return { ...execution, state, finishedAt }
}

/** It could not come to its end: what it was thrown by. */
export function failedExecution(execution: Execution, thrown: unknown, at: Date): Execution {
  return { ...execution, state: 'failed', finishedAt: at.toISOString(), error: describedError(thrown) }
}
