/**
 * Where the rows of a mapping went: parts that add up to what was read. What no part explains is a part of its own, so that it shows.
 *
 * @module
 */
import type { AssociationReport, EntityReport } from '@sluice/model'

const rowParts = [
  'unchanged',
  'updated',
  'inserted',
  'deleted',
  'filtered',
  'noLink',
  'orphan',
  'nullKey',
  'duplicate',
  'rejected',
] as const
export type RowPart = (typeof rowParts)[number] | 'missing'

export interface Accounting {
  readonly read: number
  readonly parts: readonly { readonly part: RowPart; readonly count: number }[]
}

type Rows = NonNullable<EntityReport['rows'] | AssociationReport['rows']>

export function accountingOf(rows: Rows): Accounting {
  const counts: Partial<Record<RowPart, number | undefined>> = rows
  const parts = rowParts.flatMap((part) => {
    const count = counts[part] ?? 0
    return count === 0 ? [] : [{ part, count }]
  })
  const missing = rows.read - parts.reduce((total, { count }) => total + count, 0)
  return { read: rows.read, parts: missing === 0 ? parts : [...parts, { part: 'missing', count: missing }] }
}
