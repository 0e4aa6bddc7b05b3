/**
 * Guard: the last look at a change set before anything is written.
 *
 * A source that suddenly lists half of its people is far more often a broken export than a wave of
 * leavers. The guard weighs every kind of change against every limit that is set, on each mapping and
 * on the source; it only decides, `apply` is the one stage that writes.
 *
 * @module
 */
import type {
  AssociationReport,
  AssociationThresholds,
  EntityReport,
  EntityThresholds,
  Exceeded,
  Limit,
  Source,
} from '@sluice/model'

type Threshold = Exceeded['threshold']

/** What is weighed: a count of changes against the stored total. */
interface Weight {
  readonly level: string
  readonly threshold: Threshold
  readonly limit: Limit | undefined
  readonly found: number
  readonly total: number
}

/** Every threshold that the run exceeds; empty means it passes. */
export function guard(
  source: Source,
  entities: readonly EntityReport[],
  associations: readonly AssociationReport[],
): readonly Exceeded[] {
  const ownEntities = entities.filter((report) => report.source === source.name)
  const ownAssociations = associations.filter((report) => report.source === source.name)
  return [
    ...ownEntities.flatMap((report) => entityWeights(report, entityThresholds(source, report.mapping))),
    ...ownAssociations.flatMap((report) =>
      associationWeights(report, associationThresholds(source, report.mapping)),
    ),
    ...sourceWeights(source, ownEntities, ownAssociations),
  ].flatMap(exceeded)
}

function entityThresholds(source: Source, mapping: string): EntityThresholds {
  return source.entities.find(({ name }) => name === mapping)?.thresholds ?? {}
}

function associationThresholds(source: Source, mapping: string): AssociationThresholds {
  return source.associations.find(({ name }) => name === mapping)?.thresholds ?? {}
}

function entityWeights(report: EntityReport, limits: EntityThresholds): readonly Weight[] {
  const { mapping: level, changes, stored: total, rows } = report
  return [
    { level, threshold: 'inserted', limit: limits.inserted, found: changes.inserted, total },
    { level, threshold: 'updated', limit: limits.updated, found: changes.updated, total },
    { level, threshold: 'deleted', limit: limits.deleted, found: changes.deleted, total },
    {
      level,
      threshold: 'rejected',
      limit: limits.rejected,
      found: rows?.rejected ?? 0,
      total: rows?.read ?? 0,
    },
  ]
}

function associationWeights(report: AssociationReport, limits: AssociationThresholds): readonly Weight[] {
  const { mapping: level, changes, stored: total, rows } = report
  return [
    { level, threshold: 'inserted', limit: limits.inserted, found: changes.inserted, total },
    { level, threshold: 'deleted', limit: limits.deleted, found: changes.deleted, total },
    {
      level,
      threshold: 'rejected',
      limit: limits.rejected,
      found: rows?.rejected ?? 0,
      total: rows?.read ?? 0,
    },
  ]
}

function sourceWeights(
  source: Source,
  entities: readonly EntityReport[],
  associations: readonly AssociationReport[],
): readonly Weight[] {
  const level = 'source'
  const limits = source.thresholds
  const stored = sum(entities.map((report) => report.stored))
  const storedLinks = sum(associations.map((report) => report.stored))
  const rows = [...entities, ...associations].map((report) => report.rows)
  const of = (threshold: Threshold, limit: Limit | undefined, found: number, total: number): Weight => ({
    level,
    threshold,
    limit,
    found,
    total,
  })
  return [
    of('inserted', limits.inserted, sum(entities.map(({ changes }) => changes.inserted)), stored),
    of('updated', limits.updated, sum(entities.map(({ changes }) => changes.updated)), stored),
    of('deleted', limits.deleted, sum(entities.map(({ changes }) => changes.deleted)), stored),
    of(
      'linksInserted',
      limits.linksInserted,
      sum(associations.map(({ changes }) => changes.inserted)),
      storedLinks,
    ),
    of(
      'linksDeleted',
      limits.linksDeleted,
      sum(associations.map(({ changes }) => changes.deleted)),
      storedLinks,
    ),
    of(
      'rejected',
      limits.rejected,
      sum(rows.map((row) => row?.rejected ?? 0)),
      sum(rows.map((row) => row?.read ?? 0)),
    ),
  ]
}

/** Strictly more than the limit; percentages exactly, in whole numbers wherever the limit is one. */
function exceeded({ level, threshold, limit, found, total }: Weight): readonly Exceeded[] {
  if (limit === undefined) return []
  const by: Exceeded[] = []
  if (limit.count !== undefined && found > limit.count) {
    by.push({ level, threshold, by: 'count', limit: limit.count, found, total })
  }
  // However small the source: that all of it should be gone at once is never an everyday change.
  const everything = threshold === 'deleted' && found === total && total > 1
  const weighty = found >= (limit.atLeast ?? 0) || everything
  if (limit.percent !== undefined && weighty && found * 100 > limit.percent * total) {
    by.push({ level, threshold, by: 'percent', limit: limit.percent, found, total })
  }
  return by
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
