/**
 * Why a run is held, in sentences: which threshold, what was found, by how much too much.
 *
 * @module
 */
import type { Exceeded, RunReport } from '@sluice/model'
import { formatCount, formatPercent } from './quantities.ts'

/** `Package: 1,200 of 3,000 stored resources would be deleted (40 %), more than the 10 % allowed` */
export function describeExceeded(exceeded: Exceeded, report: RunReport): string {
  if (exceeded.since !== undefined) return describeLoss(exceeded, exceeded.since, report)
  const where = placeOf(exceeded, report)
  const found = formatCount(exceeded.found)
  const what = noun(exceeded, report)
  const verb = verbOf(exceeded)
  if (exceeded.by === 'count') {
    const over = formatCount(exceeded.found - exceeded.limit)
    return `${where}: ${found} ${what} ${verb}, ${over} more than the ${formatCount(exceeded.limit)} allowed`
  }
  const of = exceeded.threshold === 'rejected' ? `${what} read` : `stored ${what}`
  if (exceeded.total === 0) {
    return `${where}: ${found} ${what} ${verb} where none is stored, more than the ${exceeded.limit} % allowed`
  }
  const share = formatPercent(exceeded.found, exceeded.total)
  return `${where}: ${found} of ${formatCount(exceeded.total)} ${of} ${verb} (${share}), more than the ${exceeded.limit} % allowed`
}

/** `Package: 280 of the 1,000 resources of 2026-11-21 would be gone (28 %), more than the 25 % allowed in the window` */
function describeLoss(exceeded: Exceeded, since: string, report: RunReport): string {
  const { found, total, by, limit } = exceeded
  const of = `${formatCount(found)} of the ${formatCount(total)} ${noun(exceeded, report)} of ${since.slice(0, 10)}`
  const share = by === 'percent' ? ` (${formatPercent(found, total)})` : ''
  const allowed = by === 'percent' ? `${limit} %` : formatCount(limit)
  return `${placeOf(exceeded, report)}: ${of} would be lost over several runs${share}, more than the ${allowed} allowed`
}

function placeOf({ level, source }: Exceeded, report: RunReport): string {
  if (source !== undefined) return `${level} of ${source}`
  return level === 'source' ? `all of ${report.source}` : level
}

/** Of what another source delivers, only references can be changed: they lose what they refer to. */
function verbOf({ threshold, source }: Exceeded): string {
  if (source !== undefined && threshold === 'updated') return 'would lose or change what they refer to'
  return `would be ${verbs[threshold]}`
}

const verbs: Readonly<Record<Exceeded['threshold'], string>> = {
  inserted: 'inserted',
  updated: 'updated',
  deleted: 'deleted',
  rejected: 'rejected',
  disappeared: 'missing in the source',
  everything: 'missing in the source: all there are',
  linksInserted: 'inserted',
  linksDeleted: 'deleted',
}

function noun({ threshold, level }: Exceeded, report: RunReport): string {
  if (threshold === 'rejected') return 'rows'
  if (threshold === 'disappeared' || threshold === 'everything') return 'replicas'
  if (threshold === 'linksInserted' || threshold === 'linksDeleted') return 'links'
  return report.associations.some((association) => association.mapping === level) ? 'links' : 'resources'
}
