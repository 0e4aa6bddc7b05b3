/**
 * What a server counts, as Prometheus reads it.
 *
 * Requests, bytes and runs are those of this process and are to be added up over all servers; queues and
 * held runs are read from the repository when asked, so that every server of one repository says the
 * same, and are not to be added up. Each server has registries of its own. While the repository does not answer, what is read
 * from it is left out, and not told as it was.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Execution, RunReport } from '@sluice/model'
import type { Notifications, Sent } from '@sluice/notify'
import type { Repository, TokenStore } from '@sluice/repository'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { certificateMetrics, tokenMetrics } from './access-metrics.ts'
import { agentMetrics, jobMetrics, jobStateMetrics } from './job-metrics.ts'
import { notificationMetrics, unsentMetrics } from './notification-metrics.ts'
import { runMetrics } from './run-metrics.ts'
import { queueMetrics, stateMetrics } from './source-metrics.ts'
import { matchMetrics, orderMetrics, rootMetrics } from './waiting-metrics.ts'

export interface Metrics {
  /** Counts a connection that was closed because there were too many. */
  connectionClosed(): void
  /** Uncompressed bytes of a delivered file. */
  received(source: string, bytes: number): void
  /** A run has ended here. */
  ran(report: RunReport): void
  /** A run was closed without a result: it failed, or none could begin, and this tells why. */
  failed(report: RunReport): void
  /** Somebody cancelled a delivery here. */
  cancelled(source: string): void
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

/** Where what is not counted here is read. */
export interface MetricsSources {
  readonly synchronizer: Pick<Synchronizer, 'queueLengths'>
  readonly notifications: Pick<Notifications, 'countUnsent'>
  readonly repository: Pick<
    Repository,
    'countOrders' | 'countMatches' | 'countFailedRoots' | 'jobs' | 'sourceStates'
  >
  readonly tokens: Pick<TokenStore, 'list'>
  /** Absent where the server speaks HTTP. */
  readonly certificateEnd: () => Date | undefined
  readonly version: string
}

export function createMetrics(sources: MetricsSources): Metrics {
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
  const cancelled = new Counter({
    name: 'sluice_deliveries_cancelled_total',
    help: 'Deliveries that somebody has cancelled.',
    labelNames: ['source'],
    registers,
  })
  const reachable = new Gauge({
    name: 'sluice_repository_reachable',
    help: '1: what is read from the repository is here. 0: the repository does not answer, and all of that is missing.',
    registers,
  })
  const build = new Gauge({
    name: 'sluice_build_info',
    help: 'Always 1.',
    labelNames: ['version'],
    registers,
  })
  build.set({ version: sources.version }, 1)
  certificateMetrics(registers, sources.certificateEnd)
  const runs = runMetrics(registers)
  const outbox = notificationMetrics(registers)
  const jobs = jobMetrics(registers)
  const stored = new Registry()
  const read = storedMetrics(stored, sources)
  return {
    received: (source, count) => bytes.inc({ source }, count),
    connectionClosed: () => closed.inc(),
    ran: runs.ran,
    failed: runs.failed,
    cancelled: (source) => cancelled.inc({ source }),
    executed: jobs,
    notified: ({ outcome }) => outbox(outcome.event),
    answered: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    contentType: registry.contentType,
    text: async () => {
      const known = await read().then(
        async () => await stored.metrics(),
        () => undefined,
      )
      reachable.set(known === undefined ? 0 : 1)
      return `${await registry.metrics()}${known ?? ''}`
    },
  }
}

/** What is the same at every server of the repository; to be read before it is told. */
function storedMetrics(
  registry: Registry,
  { synchronizer, notifications, repository, tokens }: MetricsSources,
): () => Promise<void> {
  const registers = [registry]
  const queues = queueMetrics(registers)
  const states = stateMetrics(registers)
  const outbox = unsentMetrics(registers)
  const orders = orderMetrics(registers)
  const matches = matchMetrics(registers)
  const roots = rootMetrics(registers)
  const jobs = jobStateMetrics(registers)
  const agents = agentMetrics(registers)
  const access = tokenMetrics(registers)
  return async () => {
    queues(await synchronizer.queueLengths())
    states(await repository.sourceStates())
    outbox(await notifications.countUnsent())
    orders(await repository.countOrders())
    matches(await repository.countMatches())
    roots(await repository.countFailedRoots())
    jobs(await repository.jobs.count())
    agents(await repository.jobs.agents())
    access(await tokens.list())
  }
}
