/**
 * The limits that a run is weighed against: whoever produced its change set says which.
 *
 * @module
 */
import type { AssociationThresholds, EntityThresholds, Source, SourceThresholds } from '@sluice/model'

export interface Limits {
  /** Of everything together. */
  readonly source: SourceThresholds
  entity(mapping: string): EntityThresholds
  association(mapping: string): AssociationThresholds
}

export const noLimits: Limits = { source: {}, entity: () => ({}), association: () => ({}) }

/** What is configured for a source. */
export function limitsOf({ entities, associations, thresholds }: Source): Limits {
  return {
    source: thresholds,
    entity: (mapping) => entities.find(({ name }) => name === mapping)?.thresholds ?? {},
    association: (mapping) => associations.find(({ name }) => name === mapping)?.thresholds ?? {},
  }
}
