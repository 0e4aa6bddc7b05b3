/**
 * Mappings that are switched off (`active: false`): they are not read and not run, and what they have brought stays as it is.
 *
 * They are mappings all the same: of who may change what, and of what a type is shared with, nothing changes.
 *
 * @module
 */
import type { Source } from './source.ts'

/** The source without them: what a run of it reads and says something of. */
export function switchedOn(source: Source): Source {
  if (switchedOff(source).length === 0) return source
  const { entities, associations } = source
  return { ...source, entities: entities.filter(isOn), associations: associations.filter(isOn) }
}

/** The source with all of them on: whoever asks for one by name wants to see it. */
export function withAllOn(source: Source): Source {
  const on = <T extends object>(mapping: T): T => ({ ...mapping, active: undefined })
  return { ...source, entities: source.entities.map(on), associations: source.associations.map(on) }
}

/** Names of those that are, in the order of the configuration. */
export function switchedOff({
  entities,
  associations,
}: Pick<Source, 'entities' | 'associations'>): readonly string[] {
  return [...entities, ...associations].filter((mapping) => !isOn(mapping)).map(({ name }) => name)
}

function isOn({ active }: { readonly active?: false | undefined }): boolean {
  return active !== false
}
