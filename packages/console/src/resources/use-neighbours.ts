/** What a resource is linked to. @module */
import { useQuery } from '@tanstack/react-query'
import { ask, type Reply } from '../api/ask.ts'

export type Neighbours = Reply<'GET /resources/:entityType/:key/neighbours'>

export function useNeighbours(type: string, id: string, depth: number, limit: number) {
  return useQuery({
    queryKey: ['neighbours', type, id, depth, limit],
    queryFn: ({ signal }) =>
      ask('GET /resources/:entityType/:key/neighbours', {
        params: { entityType: type, key: `#${id}` },
        query: { depth, limit },
        signal,
      }),
  })
}
