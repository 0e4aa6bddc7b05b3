/**
 * What a server counts, as Prometheus reads it.
 *
 * Requests, bytes and runs are those of this process and are to be added up over all servers; queues and
 * held runs are read from the repository when asked, so that every server of one repository says the
 * same, and are not to be added up. Each server has a registry of its own.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Execution, RunReport } from '@sluice/model'
import type { Notifications, Sent } from '@sluice/notify'
import type { Repository } from '@sluice/repository'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  /** Counts a connection that was closed because there were too many. */
  connectionClosed(): void
  /** Uncompressed bytes of a delivered file. */
  received(source: string, bytes: number): void
  /** A run has ended here. */
  ran(report: RunReport): void
  /** An execution of a job was reported here to have ended. */
  executed(execution: Pick<Execution, 'job' | 'state' | 'startedAt' | 'finishedAt'>): void
  /** A notification was tried here. */
  notified(sent: Sent): void
  answered(request: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly seconds: number
  }): void
  readonly contentType: string
  /** In the Prometheus text format. */
  text(): Promise<string>
}

const requestBuckets = [0.005, 0.02, 0.1, 0.5, 2, 10, 60]
const runBuckets = [0.1, 0.5, 2, 10, 60, 300, 1800]

export function createMetrics(
  synchronizer: Pick<Synchronizer, 'queueLengths'>,
  notifications: Pick<Notifications, 'countUnsent'>,
  repository: Pick<Repository, 'countOrders' | 'countMatches' | 'countFailedRoots' | 'jobs'>,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'sluice_request_seconds',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: requestBuckets,
    registers,
  })
  const bytes = new Counter({
    name: 'sluice_received_bytes_total',
    help: 'Uncompressed bytes of delivered files.',
    labelNames: ['source'],
    registers,
  })
  const closed = new Counter({
    name: 'sluice_connections_closed_total',
    help: 'Connections that were closed because there were too many, in all or from one address.',
    registers,
  })
  const ran = runMetrics(registers)
  const readQueues = queueMetrics(registers)
  const outbox = notificationMetrics(registers)
  const readOrders = orderMetrics(registers)
  const readMatches = matchMetrics(registers)
  const readRoots = rootMetrics(registers)
  const jobs = jobMetrics(registers)
  return {
    received: (source, count) => bytes.inc({ source }, count),
    connectionClosed: () => closed.inc(),
    ran,
    executed: jobs.executed,
    notified: ({ outcome }) => outbox.notified(outcome.event),
    answered: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    contentType: registry.contentType,
    text: async () => {
      readQueues(await synchronizer.queueLengths())
      outbox.read(await notifications.countUnsent())
      readOrders(await repository.countOrders())
      readMatches(await repository.countMatches())
      readRoots(await repository.countFailedRoots())
      jobs.read(await repository.jobs.count())
      return await registry.metrics()
    },
  }
}

function runMetrics(registers: Registry[]): (report: RunReport) => void {
  const runs = new Histogram({
    name: 'sluice_run_seconds',
    help: 'Runs that this server has worked on, by source and outcome.',
    labelNames: ['source', 'mode', 'state'],
    buckets: runBuckets,
    registers,
  })
  const changes = new Counter({
    name: 'sluice_changes_total',
    help: 'Resources and links that applied runs have changed.',
    labelNames: ['source', 'kind', 'operation'],
    registers,
  })
  return (report) => {
    const { startedAt, finishedAt, state, cause } = report
    // Labels are texts; runs that come from no source have none.
    const source = report.source ?? ''
    const mode = report.mode ?? cause
    const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000
    runs.observe({ source, mode, state }, Math.max(0, seconds))
    if (state !== 'applied') return
    for (const [kind, parts] of [
      ['resource', report.entities],
      ['link', report.associations],
    ] as const) {
      for (const part of parts) {
        for (const operation of ['inserted', 'updated', 'deleted'] as const) {
          changes.inc({ source, kind, operation }, part.changes[operation])
        }
      }
    }
  }
}

/** What an attempt is called, beside the states that a notification is in afterwards. */
const attemptStates = { taken: 'sent', refused: 'waiting', exhausted: 'givenUp' } as const satisfies Record<
  Sent['outcome']['event'],
  string
>

function notificationMetrics(registers: Registry[]) {
  const attempts = new Counter({
    name: 'sluice_notifications_total',
    help: 'Notifications that this server has tried to send, by the state they were in afterwards.',
    labelNames: ['state'],
    registers,
  })
  const waiting = new Gauge({
    name: 'sluice_notifications_waiting',
    help: 'Notifications that no receiver has taken yet; the same at every server of the repository.',
    registers,
  })
  const givenUp = new Gauge({
    name: 'sluice_notifications_given_up',
    help: 'Notifications that are not tried any more; the same at every server of the repository.',
    registers,
  })
  return {
    notified: (event: Sent['outcome']['event']) => attempts.inc({ state: attemptStates[event] }),
    read: (unsent: Awaited<ReturnType<Notifications['countUnsent']>>) => {
      waiting.set(unsent.waiting)
      givenUp.set(unsent.givenUp)
    },
  }
}

function orderMetrics(registers: Registry[]) {
  const orders = new Gauge({
    name: 'sluice_orders',
    help: 'Things ordered of a source that stand, by state; the same at every server of the repository.',
    labelNames: ['source', 'state'],
    registers,
  })
  return (counts: Awaited<ReturnType<Repository['countOrders']>>) => {
    orders.reset()
    for (const { source, state, count } of counts) orders.set({ source, state }, count)
  }
}

function matchMetrics(registers: Registry[]) {
  const matches = new Gauge({
    name: 'sluice_doubtful_matches',
    help: 'Rows of a source that several resources match and that wait for a decision; the same at every server of the repository.',
    labelNames: ['source'],
    registers,
  })
  return (counts: Awaited<ReturnType<Repository['countMatches']>>) => {
    matches.reset()
    for (const { source, count } of counts) matches.set({ source }, count)
  }
}

function rootMetrics(registers: Registry[]) {
  const failed = new Gauge({
    name: 'sluice_failed_roots',
    help: 'Roots of a graph source that failed when they were evaluated last; the same at every server of the repository.',
    labelNames: ['source'],
    registers,
  })
  return (counts: Awaited<ReturnType<Repository['countFailedRoots']>>) => {
    failed.reset()
    for (const { source, count } of counts) failed.set({ source }, count)
  }
}

function jobMetrics(registers: Registry[]) {
  const executions = new Histogram({
    name: 'sluice_job_seconds',
    help: 'Executions of jobs that were reported to this server, by job and how they ended.',
    labelNames: ['job', 'state'],
    buckets: runBuckets,
    registers,
  })
  const atWork = new Gauge({
    name: 'sluice_jobs_at_work',
    help: 'Executions of a job that are at work; the same at every server of the repository.',
    labelNames: ['job'],
    registers,
  })
  const done = new Gauge({
    name: 'sluice_job_done_timestamp_seconds',
    help: 'When a job last ended well, in seconds since 1970; the same at every server of the repository.',
    labelNames: ['job'],
    registers,
  })
  return {
    executed: ({ job, state, startedAt, finishedAt }: Parameters<Metrics['executed']>[0]) => {
      const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000
      executions.observe({ job, state }, Math.max(0, seconds))
    },
    read: (counts: Awaited<ReturnType<Repository['jobs']['count']>>) => {
      for (const gauge of [atWork, done]) gauge.reset()
      for (const one of counts) {
        atWork.set({ job: one.job }, one.atWork)
        if (one.doneAt !== null) done.set({ job: one.job }, Date.parse(one.doneAt) / 1000)
      }
    },
  }
}

function queueMetrics(registers: Registry[]) {
  const deliveries = new Gauge({
    name: 'sluice_deliveries',
    help: 'Deliveries in the queue of a source, by state; the same at every server of the repository.',
    labelNames: ['source', 'state'],
    registers,
  })
  const age = new Gauge({
    name: 'sluice_queue_age_seconds',
    help: 'How long the oldest delivery that is ready has been waiting; 0 when none is.',
    labelNames: ['source'],
    registers,
  })
  const held = new Gauge({
    name: 'sluice_held_runs',
    help: 'Runs that a threshold holds and somebody has to decide about.',
    labelNames: ['source'],
    registers,
  })
  return (lengths: Awaited<ReturnType<Synchronizer['queueLengths']>>) => {
    for (const gauge of [deliveries, age, held]) gauge.reset()
    for (const { source, oldestReady, ...counts } of lengths) {
      for (const [state, count] of Object.entries(counts)) deliveries.set({ source, state }, count)
      age.set({ source }, (oldestReady ?? 0) / 1000)
      held.set({ source }, counts.held)
    }
  }
}
