/** What a run changes, of all types and associations together. @module */
import type { RunReport } from '@sluice/model'

export function sumOfChanges({ entities, associations }: Pick<RunReport, 'entities' | 'associations'>): {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
} {
  const all = [...entities, ...associations].map(({ changes }) => changes)
  const sum = (of: 'inserted' | 'updated' | 'deleted') => all.reduce((total, one) => total + one[of], 0)
  return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
}
