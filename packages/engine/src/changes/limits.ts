/**
 * The limits that a run is weighed against: whoever produced its change set says which.
 *
 * @module
 */
import type { AssociationThresholds, EntityThresholds, Source, SourceThresholds } from '@sluice/model'

interface MappingLimits {
  entity(mapping: string): EntityThresholds
  association(mapping: string): AssociationThresholds
}

export interface Limits extends MappingLimits {
  /** Of everything together. */
  readonly source: SourceThresholds
  /** Of what another source delivers and the run changes: it is for that one to say how much of it may be lost. */
  elsewhere(source: string | null): MappingLimits
}

const nothing: MappingLimits = { entity: () => ({}), association: () => ({}) }
export const noLimits: Limits = { ...nothing, source: {}, elsewhere: () => nothing }

/** What is configured for a source, and for the others; without `source`, its own changes are not weighed. */
export function limitsOf(source: Source | undefined, others: ReadonlyMap<string, Source>): Limits {
  return {
    ...(source === undefined ? nothing : mappingLimits(source)),
    source: source?.thresholds ?? {},
    elsewhere: (name) => {
      const other = name === null ? undefined : others.get(name)
      return other === undefined ? nothing : mappingLimits(other)
    },
  }
}

function mappingLimits({ entities, associations }: Source): MappingLimits {
  return {
    entity: (mapping) => entities.find(({ name }) => name === mapping)?.thresholds ?? {},
    association: (mapping) => associations.find(({ name }) => name === mapping)?.thresholds ?? {},
  }
}
