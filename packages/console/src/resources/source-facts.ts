/**
 * What people have to know of the sources behind a resource: where its record is there, and whether they let it be deleted here.
 *
 * @module
 */
export interface SourceFacts {
  /** An address with `{key}` and `{property}` in it. */
  readonly link: string | undefined
  readonly userDelete: string | undefined
}

export type FactsOf = (source: string) => SourceFacts

/** Where a row is found, in the source's own program. */
export function recordAddress(link: string | undefined, key: string, property = ''): string | undefined {
  return link
    ?.replaceAll('{key}', () => encodeURIComponent(key))
    .replaceAll('{property}', () => encodeURIComponent(property))
}

/** The first source that does not let this person delete what it brings. */
export function deleteLock(
  replicas: readonly { readonly source: string }[],
  factsOf: FactsOf,
  isAdministrator: boolean,
): { readonly source: string; readonly policy: 'nobody' | 'administrators' } | undefined {
  for (const { source } of replicas) {
    const { userDelete } = factsOf(source)
    if (userDelete === 'nobody') return { source, policy: 'nobody' }
    if (userDelete === 'administrators' && !isAdministrator) return { source, policy: 'administrators' }
  }
  return undefined
}
