/**
 * What an agent counts, as Prometheus reads it.
 *
 * @module
 */
import type { AgentSide, AgentWatcher } from '@sluice/project'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface AgentMetrics extends AgentWatcher {
  /** Why the server does not answer; `undefined`: it answers, or nobody has asked it yet. */
  readonly serverAway: string | undefined
  readonly contentType: string
  /** In the Prometheus text format. */
  text(): Promise<string>
}

const jobBuckets = [0.1, 0.5, 2, 10, 60, 300, 1800]

/** @param sides What waits here and starts next, by source, as it is now. */
export function createAgentMetrics(
  version: string,
  sides: () => Promise<ReadonlyMap<string, AgentSide>>,
): AgentMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  gauge('sluice_agent_build_info', 'Always 1.', ['version']).set({ version }, 1)
  const atWork = gauge('sluice_agent_jobs_at_work', 'Executions of a job that are at work in this agent.', [
    'job',
  ])
  const done = gauge(
    'sluice_agent_job_done_timestamp_seconds',
    'When a job last ended well in this agent, in seconds since 1970.',
    ['job'],
  )
  const executions = new Histogram({
    name: 'sluice_agent_job_seconds',
    help: 'Executions of jobs in this agent, by job and how they ended.',
    labelNames: ['job', 'state'],
    buckets: jobBuckets,
    registers,
  })
  const failures = new Counter({
    name: 'sluice_agent_failures_total',
    help: 'Sources of steps that failed, by the code of the error; `run`: it is in the report of a run.',
    labelNames: ['source', 'code'],
    registers,
  })
  const reachable = gauge(
    'sluice_agent_server_reachable',
    '1: the server answered last; 0: it is away and is tried again.',
  )
  reachable.set(1)
  const waiting = gauge(
    'sluice_agent_deliveries_waiting',
    'Deliveries of a source that are prepared here and wait for the server.',
    ['source'],
  )
  const next = gauge(
    'sluice_agent_next_start_timestamp_seconds',
    'When a job that a source is part of starts next, in seconds since 1970.',
    ['source'],
  )
  let away: string | undefined
  return {
    jobBegan: (job) => atWork.inc({ job }),
    jobEnded({ job, state, milliseconds }) {
      atWork.dec({ job })
      executions.observe({ job, state }, milliseconds / 1000)
      if (state === 'done') done.set({ job }, Date.now() / 1000)
    },
    sourceFailed: (labels) => failures.inc(labels),
    server(reason) {
      away = reason
      reachable.set(reason === undefined ? 1 : 0)
    },
    get serverAway() {
      return away
    },
    contentType: registry.contentType,
    async text() {
      for (const one of [waiting, next]) one.reset()
      for (const [source, side] of await sides()) {
        if (side.waiting !== null) waiting.set({ source }, side.waiting)
        if (side.nextStart !== null) next.set({ source }, Date.parse(side.nextStart.at) / 1000)
      }
      return await registry.metrics()
    },
  }
}
