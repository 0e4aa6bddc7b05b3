/**
 * Types that several sources fill: where one of them shares the resources of a type, all do, and each should say how it finds them.
 *
 * @module
 */

import { type Federation, keyOnly } from '../source/federation.ts'
import { fills, scopeOf } from '../source/scope.ts'
import type { EntityMapping, Source } from '../source/source.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'

export function withSharedTypes(
  sources: readonly Source[],
  definitions: ReadonlyMap<string, Definition<SourceInput>>,
  findings: Findings,
): readonly Source[] {
  const mapped = sources.flatMap(({ entities }) => entities)
  const shared = new Set(mapped.filter(({ federation }) => federation !== undefined).flatMap(scopeOf))
  const federationOf = ({ federation, entityType }: EntityMapping): Federation | undefined =>
    federation ?? (shared.has(entityType) ? keyOnly : undefined)
  const completed = sources.map((source) => ({
    ...source,
    entities: source.entities.map((mapping) => ({ ...mapping, federation: federationOf(mapping) })),
  }))
  for (const source of completed) {
    for (const mapping of source.entities) {
      const others = mapped.filter((one) => fills(one, mapping.entityType)).length > 1
      const definition = definitions.get(source.name)
      if (others && definition !== undefined) noteUnsearched(definition, mapping, findings)
    }
  }
  return completed
}

/** Whoever means it so writes `policy: key`. */
function noteUnsearched(
  definition: Definition<SourceInput>,
  { entityType, federation }: EntityMapping,
  findings: Findings,
): void {
  const policy = definition.value.entities?.[entityType]?.reconciliation?.policy
  if (federation?.reconciliation.policy !== 'key' || policy !== undefined) return
  const message = `Other sources fill "${entityType}", too, but "${definition.name}" has no reconciliation: each of its new rows makes a new resource, even if another source already has it.`
  findings.add(findingCodes.federation, placeIn(definition, ['entities', entityType], 'key'), message, {
    severity: 'warning',
    remedy: 'Add rules under reconciliation, or write {policy: key} if you want that.',
  })
}
