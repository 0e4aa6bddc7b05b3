/**
 * What differs between what a source has asserted last and what is stored.
 *
 * @module
 */
import type { Drift } from '@sluice/model'
import type { Plan } from '../sources/sources.ts'
import type { PlanOptions } from './options.ts'

export type DriftOptions = Pick<PlanOptions, 'by' | 'sample' | 'onProgress' | 'signal' | 'onAnswer'>

export interface DriftFound extends Plan {
  readonly report: Plan['report'] & { readonly drift: Drift }
}

/** A plan of what was asserted already: all that it would change is drift. `base`: the delivery that asserts it. */
export function asDrift({ report, changes, rejected }: Plan, base: string): DriftFound {
  const drift = {
    base,
    entities: report.entities.map(({ mapping, changes }) => ({ mapping, changes })),
    associations: report.associations.map(({ mapping, changes }) => ({ mapping, changes })),
  }
  return {
    report: { ...report, exceeded: [], drift },
    changes: changes.map((change) => ({ ...change, drift: true })),
    rejected,
  }
}
