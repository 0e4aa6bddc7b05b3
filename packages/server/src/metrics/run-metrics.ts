/**
 * What is counted of runs: how long they take, what they change, what their rows become, and why they fail.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { Counter, Histogram, type Registry } from 'prom-client'

export interface RunMetrics {
  /** A run has ended here. */
  ran(report: RunReport): void
  /** A run was closed without a result: it failed, or none could begin, and this tells why. */
  failed(report: RunReport): void
}

export const runBuckets = [0.1, 0.5, 2, 10, 60, 300, 1800]

/** Where a row that is read ends; of its columns in a report, which add up. */
const ends = [
  'rejected',
  'filtered',
  'nullKey',
  'duplicate',
  'noLink',
  'orphan',
  'inserted',
  'updated',
  'unchanged',
  'deleted',
] as const

export function runMetrics(registers: Registry[]): RunMetrics {
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
  const rows = new Counter({
    name: 'sluice_rows_total',
    help: 'Rows that applied runs have read, by how each was used.',
    labelNames: ['source', 'end'],
    registers,
  })
  const failures = new Counter({
    name: 'sluice_failures_total',
    help: 'Runs that failed, and exports and deliveries of which no run could begin, by the code of the error.',
    labelNames: ['source', 'code'],
    registers,
  })
  return {
    failed: ({ source, error }) => failures.inc({ source: source ?? '', code: error?.code ?? 'interrupted' }),
    ran: (report) => {
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
          countRows(rows, source, part.rows ?? {})
        }
      }
    },
  }
}

function countRows(
  rows: Counter<'source' | 'end'>,
  source: string,
  found: Partial<Record<(typeof ends)[number], number | undefined>>,
): void {
  for (const end of ends) rows.inc({ source, end }, found[end] ?? 0)
}
