/**
 * Which sources fill the properties of a type.
 *
 * @module
 */
import type { StoredSource } from './use-model.ts'

export interface Filling {
  readonly source: string
  readonly policy: string
  readonly precedence: number
}

/** By property, the one with the highest precedence first; rows of a type that it extends fill it, too, where they have resources of it. */
export function whoFills(
  sources: readonly Pick<StoredSource, 'name' | 'entities'>[],
  type: string,
): ReadonlyMap<string, readonly Filling[]> {
  const filled = new Map<string, Filling[]>()
  for (const { name: source, entities } of sources)
    for (const { entityType, scope, properties } of entities) {
      if (entityType !== type && scope?.includes(type) !== true) continue
      for (const { name, policy = 'master_locked', precedence = 0 } of properties)
        filled.set(name, [...(filled.get(name) ?? []), { source, policy, precedence }])
    }
  for (const fillings of filled.values()) fillings.sort((a, b) => b.precedence - a.precedence)
  return filled
}
