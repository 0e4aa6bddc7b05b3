/** How many links a resource has, and each list of them, which goes on as it is scrolled. @module */
import { useQuery } from '@tanstack/react-query'
import { ask, askLines } from '../api/ask.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'
import type { Linked, LinkedCount } from './linked.ts'

export function useLinkedCounts(type: string, id: string) {
  return useQuery({
    queryKey: ['linked', type, id, 'counts'],
    queryFn: ({ signal }) =>
      ask('GET /resources/:entityType/:key/link-counts', {
        params: { entityType: type, key: `#${id}` },
        signal,
      }),
  })
}

export function useLinked(type: string, id: string, { name, end }: Pick<LinkedCount, 'name' | 'end'>) {
  const readPage: ReadPage<Linked> = ({ signal, ...page }) =>
    askLines('GET /resources/:entityType/:key/links/:name', {
      params: { entityType: type, key: `#${id}`, name },
      query: { end, ...page },
      signal,
    })
  const queryKey = ['linked', type, id, name, end]
  return { ...useListed({ queryKey, prefix: queryKey, readPage, still: true }), readPage }
}
