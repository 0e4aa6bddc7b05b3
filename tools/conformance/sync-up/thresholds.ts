/**
 * Thresholds: from the words of the cases to a configuration, and from a report back to the words.
 *
 * @module
 */
import type { Exceeded } from '@sluice/project'
import type { CaseAssociation, CaseConnector, CaseType } from './case-config.ts'

type LimitSetting = 'off' | { readonly count?: number; readonly percent?: number }

export function typeLimits(thresholds: CaseType['thresholds']) {
  return {
    inserted: limit(thresholds.MaximumInsertedLines, thresholds.MaxPercentageInsertedLines),
    updated: limit(thresholds.MaximumUpdatedLines, thresholds.MaxPercentageUpdatedLines),
    deleted: limit(thresholds.MaximumDeletedLines, thresholds.MaxPercentageDeletedLines),
    rejected: 'off',
  }
}

export function associationLimits(thresholds: CaseAssociation['thresholds']) {
  return {
    inserted: limit(thresholds.MaximumInsertedLines, thresholds.MaxPercentageInsertedLines),
    deleted: limit(thresholds.MaximumDeletedLines, thresholds.MaxPercentageDeletedLines),
    rejected: 'off',
  }
}

export function connectorLimits(thresholds: CaseConnector['thresholds']) {
  return {
    ...typeLimits(thresholds),
    linksInserted: limit(thresholds.MaximumLinkInsertedLines, thresholds.MaxLinkPercentageInsertedLines),
    linksDeleted: limit(thresholds.MaximumLinkDeletedLines, thresholds.MaxLinkPercentageDeletedLines),
  }
}

/** In the cases 0 is off; in a configuration it would hold every change. */
function limit(count: number, percent: number): LimitSetting {
  if (count === 0 && percent === 0) return 'off'
  return { ...(count === 0 ? {} : { count }), ...(percent === 0 ? {} : { percent }) }
}

const changes = {
  inserted: 'Inserted',
  updated: 'Updated',
  deleted: 'Deleted',
  linksInserted: 'Inserted',
  linksDeleted: 'Deleted',
  rejected: 'Rejected',
  disappeared: 'Disappeared',
  everything: 'Disappeared',
}

/** `LEVEL.THRESHOLD`, as the cases write it. */
export function thresholdName(
  { level, threshold, by }: Exceeded,
  mappingName: (legalName: string) => string,
): string {
  const link = threshold.startsWith('links') ? 'Link' : ''
  const name =
    by === 'count'
      ? `Maximum${link}${changes[threshold]}Lines`
      : `Max${link}Percentage${changes[threshold]}Lines`
  return `${level === 'source' ? 'connector' : mappingName(level)}.${name}`
}
