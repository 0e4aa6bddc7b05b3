/**
 * What a threshold measures, in earlier runs of the same source.
 *
 * @module
 */
import type { AssociationReport, EntityReport, Exceeded, RunReport } from '@sluice/model'

export interface Measured {
  readonly run: number
  /** In the unit of the limit: rows, or percent. */
  readonly value: number
}

/** The value of the threshold that was exceeded, in the unit of its limit. */
export function measuredValue({ by, found, total }: Exceeded): number {
  return by === 'count' ? found : share(found, total)
}

/** Oldest first; runs that say nothing of it are left out, and those that came to nothing. */
export function historyOf(exceeded: Exceeded, earlier: readonly RunReport[]): readonly Measured[] {
  return earlier
    .filter(({ state }) => state === 'applied' || state === 'rejected')
    .flatMap((report) => {
      const value = measure(exceeded, report)
      return value === undefined || report.run === null ? [] : [{ run: report.run, value }]
    })
    .toSorted((a, b) => a.run - b.run)
}

function measure({ level, threshold, by }: Exceeded, report: RunReport): number | undefined {
  const parts = weighed(threshold, level, report).filter(
    ({ mapping, source }) => source === report.source && (level === 'source' || mapping === level),
  )
  if (parts.length === 0) return undefined
  const counted = parts.flatMap((part) => countOf(threshold, part) ?? [])
  if (counted.length === 0) return undefined
  const found = counted.reduce((sum, one) => sum + one.found, 0)
  const total = counted.reduce((sum, one) => sum + one.total, 0)
  return by === 'count' ? found : share(found, total)
}

/** Limits of a whole source weigh resources and links apart. */
function weighed(
  threshold: Exceeded['threshold'],
  level: string,
  { entities, associations }: RunReport,
): readonly Part[] {
  if (threshold.startsWith('links')) return associations
  return level === 'source' && threshold !== 'rejected' ? entities : [...entities, ...associations]
}

type Part = EntityReport | AssociationReport

function countOf(
  threshold: Exceeded['threshold'],
  part: Part,
): { readonly found: number; readonly total: number } | undefined {
  const { changes, stored, rows, stillRejected } = part
  if (threshold === 'inserted' || threshold === 'linksInserted')
    return { found: changes.inserted, total: stored }
  if (threshold === 'updated') return { found: changes.updated, total: stored }
  if (threshold === 'deleted' || threshold === 'linksDeleted')
    return { found: changes.deleted, total: stored }
  if (threshold === 'rejected')
    return rows === null ? undefined : { found: rows.rejected - stillRejected, total: rows.read }
  const replicas = 'replicas' in part ? part.replicas : undefined
  if ((threshold === 'disappeared' || threshold === 'everything') && replicas !== undefined)
    return { found: replicas.disappeared, total: replicas.attached }
  return undefined
}

function share(found: number, total: number): number {
  return total === 0 ? 0 : (found / total) * 100
}
