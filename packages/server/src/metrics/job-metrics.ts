/**
 * What is counted of jobs and of the agents that execute them.
 *
 * @module
 */
import type { Execution } from '@sluice/model'
import type { Repository } from '@sluice/repository'
import { Gauge, Histogram, type Registry } from 'prom-client'
import { runBuckets } from './run-metrics.ts'

type EndedExecution = Pick<Execution, 'job' | 'state' | 'startedAt' | 'finishedAt'>

export function jobMetrics(registers: Registry[]) {
  const executions = new Histogram({
    name: 'sluice_job_seconds',
    help: 'Executions of jobs that were reported to this server, by job and how they ended.',
    labelNames: ['job', 'state'],
    buckets: runBuckets,
    registers,
  })
  return ({ job, state, startedAt, finishedAt }: EndedExecution) => {
    const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000
    executions.observe({ job, state }, Math.max(0, seconds))
  }
}

export function jobStateMetrics(registers: Registry[]) {
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
  const failed = new Gauge({
    name: 'sluice_job_failed_timestamp_seconds',
    help: 'When a job last failed or was interrupted, in seconds since 1970; the same at every server of the repository.',
    labelNames: ['job'],
    registers,
  })
  return (counts: Awaited<ReturnType<Repository['jobs']['count']>>) => {
    for (const gauge of [atWork, done, failed]) gauge.reset()
    for (const one of counts) {
      atWork.set({ job: one.job }, one.atWork)
      if (one.doneAt !== null) done.set({ job: one.job }, Date.parse(one.doneAt) / 1000)
      if (one.failedAt !== null) failed.set({ job: one.job }, Date.parse(one.failedAt) / 1000)
    }
  }
}

export function agentMetrics(registers: Registry[]) {
  const asked = new Gauge({
    name: 'sluice_agent_asked_timestamp_seconds',
    help: 'When an agent that follows schedules last asked what there is to do, in seconds since 1970; none of one that was stopped. The same at every server of the repository.',
    labelNames: ['agent', 'host', 'folder'],
    registers,
  })
  return (agents: Awaited<ReturnType<Repository['jobs']['agents']>>) => {
    asked.reset()
    for (const { agent, host, folder, askedAt } of agents)
      asked.set({ agent, host, folder }, Date.parse(askedAt) / 1000)
  }
}
