/**
 * What is counted of what waits for somebody: orders, rows that are doubtful, roots that failed.
 *
 * @module
 */
import type { Repository } from '@sluice/repository'
import { Gauge, type Registry } from 'prom-client'

export function orderMetrics(registers: Registry[]) {
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

export function matchMetrics(registers: Registry[]) {
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

export function rootMetrics(registers: Registry[]) {
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
