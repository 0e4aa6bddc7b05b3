/**
 * Asks what people have to know of the sources behind a resource.
 *
 * @module
 */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '../api/ask.ts'
import type { FactsOf, SourceFacts } from './source-facts.ts'

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
