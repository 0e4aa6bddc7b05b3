/**
 * How a source is doing, as a line of a table and as the cells of a CSV.
 *
 * @module
 */
import { attentionKinds, type Labeller } from '@sluice/model'
import type { SourceStatus } from '@sluice/project'
import { formatAge, formatCount } from './quantities.ts'
import type { Cells, RecordColumn } from './records.ts'

/** Those that need somebody first, the worst of them before all others; otherwise as they are configured. */
export function byUrgency(sources: readonly SourceStatus[]): readonly SourceStatus[] {
  const place = ({ attention: [worst] }: SourceStatus) =>
    worst === undefined ? attentionKinds.length : attentionKinds.indexOf(worst.kind)
  return sources.toSorted((a, b) => place(a) - place(b))
}

/** Columns without anything in them for any source are left out. */
export function statusColumns(lines: readonly Cells[]): readonly RecordColumn[] {
  return columns.filter(({ name, always }) => always || lines.some((line) => (line[name] ?? '') !== ''))
}

interface StatusColumn extends RecordColumn {
  readonly always: boolean
}

const columns: readonly StatusColumn[] = [
  { name: 'needs', title: 'attention', always: true },
  { name: 'name', title: 'source', always: true },
  { name: 'label', title: 'label', always: false },
  { name: 'mode', title: 'mode', always: true },
  { name: 'last', title: 'last run', always: true },
  { name: 'applied', title: 'applied', always: true },
  { name: 'chain', title: 'next', always: false },
  { name: 'queue', title: 'queue', always: false },
  { name: 'rejected', title: 'rejected', align: 'right', always: false },
  { name: 'orphans', title: 'orphans', align: 'right', always: false },
  { name: 'start', title: 'next start (UTC)', always: false },
]

/** A label stands beside the name, which is what commands take. */
export function statusLine(source: SourceStatus, labels: Labeller): Cells {
  const { name, kind, mode, lastRun, lastApplied, rejected, orphans } = source
  return {
    needs: needsOf(source),
    name,
    label: labels.among(source.labels, ''),
    mode: mode ?? kind,
    last: lastRun === null ? '' : `${lastRun.run} ${lastRun.state}`,
    applied: lastApplied === null ? 'never' : `${formatAge(lastApplied.age)} ago`,
    chain: chainOf(source),
    queue: queueOf(source),
    rejected: rejected === 0 ? '' : formatCount(rejected),
    orphans: orphans === 0 ? '' : formatCount(orphans),
    start: startOf(source),
  }
}

function needsOf({ attention, lastRun, queue }: SourceStatus): string {
  if (attention.length > 0) return attention.map(({ kind }) => kind).join(', ')
  if (lastRun?.state === 'running') return 'at work'
  return queue.ready > 0 ? 'waiting' : 'ok'
}

/** Of a source of incrementals: whether one is possible. */
function chainOf({ mode, appliedDelivery, lastApplied }: SourceStatus): string {
  if (mode !== 'incremental' || lastApplied === null) return ''
  return appliedDelivery === null ? 'a complete' : 'an incremental'
}

function queueOf({ queue, agent }: SourceStatus): string {
  const here = agent === null ? 0 : agent.waiting
  const counts = [
    [queue.announced, 'announced'],
    [queue.ready, 'ready'],
    [queue.held, 'held'],
    [queue.aside, 'put aside'],
    [here, 'waiting here'],
  ] as const
  return counts
    .flatMap(([count, what]) => (count === 0 ? [] : [`${count ?? 'unreadable'} ${what}`]))
    .join(', ')
}

function startOf({ agent }: SourceStatus): string {
  if (agent?.nextStart === null || agent?.nextStart === undefined) return ''
  const { job, at, followed } = agent.nextStart
  const time = at.slice(0, 16).replace('T', ' ')
  return followed ? `${time} ${job}` : `${time} ${job}, when an agent runs`
}

const cellNames = [
  'name',
  'attention',
  'kind',
  'mode',
  'run',
  'state',
  'startedAt',
  'finishedAt',
  'error',
  'lastErrorRun',
  'lastErrorAt',
  'lastErrorCode',
  'lastErrorMessage',
  'appliedRun',
  'appliedAt',
  'appliedSecondsAgo',
  'dueAt',
  'appliedDelivery',
  'heldRun',
  'announced',
  'ready',
  'held',
  'aside',
  'waitingHere',
  'rejected',
  'faulty',
  'orphans',
  'doubtful',
  'failedRoots',
  'suspendedSince',
  'nextJob',
  'nextStart',
  'command',
] as const

export const statusTitles: readonly RecordColumn[] = cellNames.map((name) => ({ name, title: name }))

/** Everything of it, flat. */
export function statusCells(source: SourceStatus): Readonly<Record<(typeof cellNames)[number], unknown>> {
  const {
    lastRun,
    lastApplied,
    lastError,
    queue,
    agent,
    attention,
    suspension,
    labels: _labels,
    ...others
  } = source
  return {
    ...others,
    attention: attention.map(({ kind }) => kind).join(', '),
    run: lastRun?.run,
    state: lastRun?.state,
    startedAt: lastRun?.startedAt,
    finishedAt: lastRun?.finishedAt,
    error: lastRun?.error?.code,
    lastErrorRun: lastError?.run,
    lastErrorAt: lastError?.at,
    lastErrorCode: lastError?.code,
    lastErrorMessage: lastError?.message,
    appliedRun: lastApplied?.run,
    appliedAt: lastApplied?.finishedAt,
    appliedSecondsAgo: lastApplied === null ? null : Math.round(lastApplied.age / 1000),
    ...queue,
    waitingHere: agent?.waiting,
    suspendedSince: suspension?.since,
    nextJob: agent?.nextStart?.job,
    nextStart: agent?.nextStart?.at,
    command: attention[0]?.command,
  }
}
