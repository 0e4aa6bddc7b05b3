/**
 * Jobs and their results as lines of tables and cells of CSVs.
 *
 * @module
 */
import type { ExecutionHead, ExecutionRecord, JobRecord } from '@sluice/project'
import { describeStart } from './execution.ts'
import { formatDuration, formatInstant } from './quantities.ts'
import type { Cells, RecordColumn } from './records.ts'

interface JobColumn extends RecordColumn {
  readonly always: boolean
}

const jobColumns: readonly JobColumn[] = [
  { name: 'job', title: 'job', always: true },
  { name: 'begins', title: 'begins', always: true },
  { name: 'next', title: 'next start (UTC)', always: true },
  { name: 'atWork', title: 'at work', always: false },
  { name: 'last', title: 'last result', always: true },
  { name: 'ended', title: 'begun (UTC)', always: true },
  { name: 'agent', title: 'agent', always: false },
]

/** Columns without anything in them for any job are left out. */
export function jobColumnsOf(lines: readonly Cells[]): readonly RecordColumn[] {
  return jobColumns.filter(({ name, always }) => always || lines.some((line) => (line[name] ?? '') !== ''))
}

/** `none`: what is said where there is no result. */
export function jobLine({ job, schedule, after, last, ...more }: JobRecord, none: string): Cells {
  return {
    job,
    begins: formatBegins(schedule, after),
    next: nextOf(more),
    atWork: atWorkOf(more),
    last: last === null ? none : last.state,
    ended: last === null ? '' : minute(last.startedAt),
    agent: agentOf(more.agent),
  }
}

/** By what it is begun: `30 2 * * * UTC, after load`. */
function formatBegins(schedule: string | null, after: readonly string[]): string {
  const jobs = after.length === 0 ? [] : [`after ${after.join(', ')}`]
  return [...(schedule === null ? [] : [schedule]), ...jobs].join(', ') || 'by hand'
}

function nextOf({ nextStart, waitsFor, agent }: Pick<JobRecord, 'nextStart' | 'waitsFor' | 'agent'>): string {
  const waits = waitsFor.length === 0 ? [] : [`waits for ${waitsFor.join(', ')}`]
  const all = [...(nextStart === null ? [] : [minute(nextStart)]), ...waits]
  if (all.length === 0 || agent.there) return all.join(', ')
  return `${all.join(', ')}, when an agent runs`
}

function atWorkOf({ atWork, asked }: Pick<JobRecord, 'atWork' | 'asked'>): string {
  if (atWork === null) return asked === null ? '' : `to begin, as ${asked.by.name} asks`
  const since = `since ${minute(atWork.startedAt).slice(11)}`
  const stop = atWork.stop === null ? '' : `, to stop, as ${atWork.stop.by.name} asks`
  return `${since}${atWork.step === null ? '' : `, ${atWork.step}`}${stop}`
}

/** Of the agents of a server; here there is no other. */
function agentOf({ host, there, askedAt }: JobRecord['agent']): string {
  if (askedAt === null && there) return ''
  if (there) return host
  return askedAt === null ? '' : `${host}, away since ${minute(askedAt)}`
}

function minute(instant: string): string {
  return formatInstant(instant).slice(0, 16)
}

export const jobCellColumns: readonly RecordColumn[] = [
  'job',
  'description',
  'steps',
  'schedule',
  'after',
  'nextStart',
  'waitsFor',
  'atWorkSince',
  'atWorkStep',
  'lastExecution',
  'lastState',
  'lastStarted',
  'lastFinished',
  'host',
  'agent',
  'there',
].map((name) => ({ name, title: name }))

export function jobCells({ steps, after, waitsFor, atWork, last, agent, ...job }: JobRecord): Cells {
  return {
    ...job,
    steps: steps.join(' '),
    after: after.join(' '),
    waitsFor: waitsFor.join(' '),
    atWorkSince: atWork?.startedAt,
    atWorkStep: atWork?.step,
    lastExecution: last?.execution,
    lastState: last?.state,
    lastStarted: last?.startedAt,
    lastFinished: last?.finishedAt,
    host: agent.host,
    agent: agent.agent,
    there: agent.there,
  }
}

export const resultColumns: readonly RecordColumn[] = [
  { name: 'id', title: 'result' },
  { name: 'job', title: 'job' },
  { name: 'state', title: 'state' },
  { name: 'started', title: 'begun (UTC)' },
  { name: 'took', title: 'took', align: 'right' },
  { name: 'begun', title: 'by' },
  { name: 'runs', title: 'runs' },
  { name: 'why', title: 'why' },
]

export function resultLine(execution: ExecutionRecord): Cells {
  const { startedAt, job, state, steps } = execution
  return {
    id: execution.execution.slice(0, 8),
    job,
    state,
    started: formatInstant(startedAt).slice(0, 19),
    took: tookOf(execution),
    begun: describeStart(execution),
    runs: runsOf(steps).join(', '),
    why: whyOf(execution),
  }
}

export const resultCellColumns: readonly RecordColumn[] = [
  'execution',
  'job',
  'state',
  'cause',
  'by',
  'startedAt',
  'finishedAt',
  'stoppedBy',
  'runs',
  'why',
  'host',
  'agent',
].map((name) => ({ name, title: name }))

export function resultCells(execution: ExecutionRecord): Cells {
  const { by, stop, steps, agent } = execution
  return {
    ...execution,
    by: by.name,
    stoppedBy: stop?.by.name,
    runs: runsOf(steps).join(' '),
    why: whyOf(execution),
    host: agent.host,
    agent: agent.agent,
  }
}

function runsOf(steps: ExecutionRecord['steps']): readonly number[] {
  return steps.flatMap(({ sources }) => sources.flatMap(({ runs }) => runs))
}

function tookOf({ startedAt, finishedAt }: Pick<ExecutionHead, 'startedAt' | 'finishedAt'>): string {
  return finishedAt === null ? '' : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
}

/** The first thing that was not well, in a sentence; empty where all was. */
function whyOf({ state, stop, error, steps }: ExecutionRecord): string {
  if (state === 'done' || state === 'running') return ''
  if (state === 'stopped' && stop !== null) return `stopped by ${stop.by.name}`
  if (error !== null) return error.message
  if (state === 'interrupted') return `cut off${steps.length === 0 ? '' : ` in ${steps.at(-1)?.step}`}`
  const sources = steps.flatMap((step) => step.sources)
  const worst =
    sources.find((source) => source.state === state) ?? sources.find(({ reason }) => reason !== null)
  return worst === undefined ? '' : `${worst.source}: ${worst.reason ?? worst.error?.message ?? worst.state}`
}
