/**
 * Guard: the last look at a change set before anything is written.
 *
 * A source that suddenly lists half of its people is far more often a broken export than a wave of
 * leavers. The guard weighs every kind of change against every limit that is set, on each mapping and
 * on all together, and what it takes from other sources against theirs; it only decides, `apply` is the one stage that writes.
 *
 * @module
 */
import type { AssociationReport, EntityReport, EntityThresholds, Exceeded, Limit } from '@sluice/model'
import type { Limits } from '../changes/limits.ts'
import type { Elsewhere, Past } from '../changes/produced.ts'

type Threshold = Exceeded['threshold']

/** What is weighed: a count of changes against the stored total. */
interface Weight {
  readonly threshold: Threshold
  readonly limit: Limit | undefined
  readonly found: number
  readonly total: number
  /** `found` is a loss since then. */
  readonly since?: string | undefined
}

/** What a run changes, and of what. */
export interface Weighed {
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
  readonly elsewhere: Elsewhere
  readonly past: Past | undefined
}

/** Every threshold that the run exceeds; empty means it passes. */
export function guard(
  { entities, associations, elsewhere, past }: Weighed,
  limits: Limits,
): readonly Exceeded[] {
  const levels: readonly (readonly [level: Level, weights: readonly Weight[]])[] = [
    ...entities.map((report) => [{ level: report.mapping }, entityWeights(report, limits)] as const),
    ...associations.map((report) => [{ level: report.mapping }, associationWeights(report, limits)] as const),
    [{ level: 'source' }, sourceWeights(entities, associations, limits)],
    ...elsewhere.entities.map(
      (report) => [levelElsewhere(report), [losingWeight(report, elsewhere, limits)]] as const,
    ),
    ...elsewhere.associations.map(
      (report) => [levelElsewhere(report), [lostLinksWeight(report, limits)]] as const,
    ),
  ]
  const atOnce = levels.flatMap(([level, weights]) => weights.flatMap((weight) => exceeded(level, weight)))
  if (past === undefined) return atOnce
  const held = new Set(atOnce.filter(({ threshold }) => threshold === 'deleted').map(({ level }) => level))
  const inWindow = windowLevels({ entities, associations }, past, limits).flatMap(([level, weights]) =>
    held.has(level.level) ? [] : weights.flatMap((weight) => exceeded(level, weight)),
  )
  return [...atOnce, ...inWindow]
}

/** Each run may have stayed below its limit; only one that itself makes things fewer is held for it. */
function windowLevels(
  { entities, associations }: Pick<Weighed, 'entities' | 'associations'>,
  { since, stored }: Past,
  limits: Limits,
): readonly (readonly [level: Level, weights: readonly Weight[]])[] {
  const limited = [
    ...entities.filter(({ mapping }) => limits.entity(mapping).deleted !== undefined),
    ...associations.filter(({ mapping }) => limits.association(mapping).deleted !== undefined),
  ]
  return limited.flatMap(({ mapping, changes, stored: before }) => {
    const total = stored.get(mapping)
    const growth = changes.inserted - changes.deleted
    if (total === undefined || growth >= 0) return []
    const found = Math.max(total - (before + growth), 0)
    const limit = limits.source.window?.deleted
    return [[{ level: mapping }, [{ threshold: 'deleted' as const, limit, found, total, since }]] as const]
  })
}

type Level = Pick<Exceeded, 'level' | 'source'>

function levelElsewhere({ mapping, source }: EntityReport | AssociationReport): Level {
  return { level: mapping, source: source ?? undefined }
}

/** Of a resource that another source delivers, a run can only change what it refers to. */
function losingWeight(
  { mapping, source, stored: total }: EntityReport,
  { losing }: Elsewhere,
  limits: Limits,
): Weight {
  const limit = limits.elsewhere(source).entity(mapping).updated
  return { threshold: 'updated', limit, found: losing.get(mapping) ?? 0, total }
}

function lostLinksWeight(
  { mapping, source, changes, stored: total }: AssociationReport,
  limits: Limits,
): Weight {
  const limit = limits.elsewhere(source).association(mapping).deleted
  return { threshold: 'deleted', limit, found: changes.deleted, total }
}

function entityWeights(report: EntityReport, limits: Limits): readonly Weight[] {
  const { mapping, changes, stored: total } = report
  const limit = limits.entity(mapping)
  return [
    { threshold: 'inserted', limit: limit.inserted, found: changes.inserted, total },
    { threshold: 'updated', limit: limit.updated, found: changes.updated, total },
    { threshold: 'deleted', limit: limit.deleted, found: changes.deleted, total },
    { threshold: 'rejected', limit: limit.rejected, ...rejectedOf([report]) },
    ...disappearedWeights(report, limit),
  ]
}

/** Rows that disappear may leave their resources, or only mark them: that they do is weighed all the same. */
function disappearedWeights({ replicas }: EntityReport, limit: EntityThresholds): readonly Weight[] {
  if (replicas === undefined) return []
  const { disappeared: found, attached: total } = replicas
  const all = found > 0 && found === total
  return [
    { threshold: 'disappeared', limit: limit.disappeared, found, total },
    ...(limit.everything && all
      ? [{ threshold: 'everything' as const, limit: { count: total - 1 }, found, total }]
      : []),
  ]
}

function associationWeights(report: AssociationReport, limits: Limits): readonly Weight[] {
  const { mapping, changes, stored: total } = report
  const limit = limits.association(mapping)
  return [
    { threshold: 'inserted', limit: limit.inserted, found: changes.inserted, total },
    { threshold: 'deleted', limit: limit.deleted, found: changes.deleted, total },
    { threshold: 'rejected', limit: limit.rejected, ...rejectedOf([report]) },
  ]
}

function sourceWeights(
  entities: readonly EntityReport[],
  associations: readonly AssociationReport[],
  { source: limit }: Limits,
): readonly Weight[] {
  const total = sum(entities.map(({ stored }) => stored))
  const links = sum(associations.map(({ stored }) => stored))
  const changed = (kind: 'inserted' | 'updated' | 'deleted') =>
    sum(entities.map(({ changes }) => changes[kind]))
  const linked = (kind: 'inserted' | 'deleted') => sum(associations.map(({ changes }) => changes[kind]))
  return [
    { threshold: 'inserted', limit: limit.inserted, found: changed('inserted'), total },
    { threshold: 'updated', limit: limit.updated, found: changed('updated'), total },
    { threshold: 'deleted', limit: limit.deleted, found: changed('deleted'), total },
    { threshold: 'linksInserted', limit: limit.linksInserted, found: linked('inserted'), total: links },
    { threshold: 'linksDeleted', limit: limit.linksDeleted, found: linked('deleted'), total: links },
    { threshold: 'rejected', limit: limit.rejected, ...rejectedOf([...entities, ...associations]) },
  ]
}

/** Rows that an earlier run has rejected were weighed then. */
function rejectedOf(reports: readonly (EntityReport | AssociationReport)[]): Pick<Weight, 'found' | 'total'> {
  return {
    found: sum(reports.map(({ rows, stillRejected }) => (rows?.rejected ?? 0) - stillRejected)),
    total: sum(reports.map(({ rows }) => rows?.read ?? 0)),
  }
}

/**
 * Strictly more than the limit; percentages exactly, in whole numbers wherever the limit is one. That none of its rows can be
 * read says of a delivery that it is written in another form than its source says, however small it is.
 */
function exceeded(level: Level, weight: Weight): readonly Exceeded[] {
  const { limit, found, total, ...of } = weight
  if (limit === undefined) return []
  const by: Exceeded[] = []
  if (limit.count !== undefined && found > limit.count) {
    by.push({ ...level, ...of, by: 'count', limit: limit.count, found, total })
  }
  const atOnce = lost.has(of.threshold) && of.since === undefined
  const nothingLeft = of.threshold === 'rejected' && found > 0 && found === total
  const weighty = found >= (limit.atLeast ?? 0) || (atOnce && isMostly(found, total)) || nothingLeft
  if (limit.percent !== undefined && weighty && found * 100 > limit.percent * total) {
    by.push({ ...level, ...of, by: 'percent', limit: limit.percent, found, total })
  }
  return by
}

const lost: ReadonlySet<Threshold> = new Set(['deleted', 'disappeared', 'linksDeleted'])

/**
 * More than one, and more than a third: however small the table, that so much of it should be gone at once is no everyday
 * change, and the least number of a limit does not excuse it.
 */
function isMostly(found: number, total: number): boolean {
  return found > 1 && found * 3 > total
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
