/**
 * What is counted of sources: their queues, and how far the repository is with each.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Repository } from '@sluice/repository'
import { Gauge, type Registry } from 'prom-client'

export function queueMetrics(registers: Registry[]) {
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

export function stateMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) =>
    new Gauge({
      name,
      help: `${help}; the same at every server of the repository.`,
      labelNames: ['source'],
      registers,
    })
  const applied = gauge(
    'sluice_applied_timestamp_seconds',
    'When the last run of a source was applied, in seconds since 1970',
  )
  const failures = gauge('sluice_failures_since_applied', 'Runs of a source that failed since then')
  const rejected = gauge('sluice_rejected_rows', 'Rows that the last applied run of a source has rejected')
  const faulty = gauge('sluice_faulty_rows', 'Rows of shared types that it could not apply')
  const orphans = gauge('sluice_orphans', 'References and links of a source that wait for an end')
  return ({ sources }: Awaited<ReturnType<Repository['sourceStates']>>) => {
    for (const one of [applied, failures, rejected, faulty, orphans]) one.reset()
    for (const state of sources.values()) {
      const labels = { source: state.name }
      if (state.lastApplied !== null) applied.set(labels, Date.parse(state.lastApplied.finishedAt) / 1000)
      failures.set(labels, state.failures)
      rejected.set(labels, state.rejected)
      faulty.set(labels, state.faulty)
      orphans.set(labels, state.orphans)
    }
  }
}
