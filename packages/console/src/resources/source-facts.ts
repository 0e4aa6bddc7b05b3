/**
 * What people have to know of the sources behind a resource: where its record is there, and whether they let it be deleted here.
 *
 * @module
 */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '../api/ask.ts'

export interface SourceFacts {
  /** An address with `{key}` and `{property}` in it. */
  readonly link: string | undefined
  readonly userDelete: string | undefined
}

export type FactsOf = (source: string) => SourceFacts

const unknown: SourceFacts = { link: undefined, userDelete: undefined }

/** Of a server without files of configuration nothing is known. */
export function useSourceFacts(sources: readonly string[]): FactsOf {
  const asked = useQueries({
    queries: sources.map((source) => ({
      queryKey: ['definition', source],
      queryFn: () => ask('GET /definitions/:source', { params: { source } }),
      staleTime: 60_000,
      retry: false,
    })),
  })
  const facts = sources.map((source, index) => [source, factsIn(asked[index]?.data?.effective)] as const)
  const text = JSON.stringify(facts)
  return useMemo(() => {
    const known: ReadonlyMap<string, SourceFacts> = new Map(JSON.parse(text))
    return (source) => known.get(source) ?? unknown
  }, [text])
}

function factsIn(effective: Readonly<Record<string, unknown>> | undefined): SourceFacts {
  const { link, userDelete } = effective ?? {}
  return {
    link: typeof link === 'string' ? link : undefined,
    userDelete: typeof userDelete === 'string' ? userDelete : undefined,
  }
}

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
