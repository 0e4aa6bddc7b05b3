/**
 * What pages ask of sources.
 *
 * @module
 */
import { queryOptions } from '@tanstack/react-query'
import { ask, askLines, type Reply } from '../api/ask.ts'
import { keptWithin, live } from '../api/query-client.ts'

export type SourceRecord = Reply<'GET /definitions'>['sources'][number]
export type DescribedSource = Reply<'GET /definitions/:source'>

export const definitionsQuery = queryOptions({
  queryKey: ['definitions'],
  queryFn: () => ask('GET /definitions'),
  refetchInterval: 15_000,
})

export function definitionQuery(source: string) {
  return queryOptions({
    queryKey: ['definition', source],
    queryFn: () => ask('GET /definitions/:source', { params: { source } }),
  })
}

export function definitionHistoryQuery(source: string) {
  return queryOptions({
    queryKey: ['definition history', source],
    queryFn: () => ask('GET /definitions/:source/history', { params: { source } }),
  })
}

export function deliveriesQuery(source: string, open: boolean) {
  return queryOptions({
    queryKey: ['deliveries', source, open],
    ...keptWithin('deliveries', source),
    queryFn: () => ask('GET /deliveries', { query: { source, limit: 200, ...(open ? { open: true } : {}) } }),
    ...live,
  })
}

/** So many of each list are shown; a file holds no more of them either. */
export const mostLeftOut = 5000

export function leftOutQuery(source: string) {
  const query = { source, limit: mostLeftOut }
  return queryOptions({
    queryKey: ['left out', source],
    queryFn: async () => {
      const [reasons, rows, orphans] = await Promise.all([
        askLines('GET /rejected-rows/reasons', { query }),
        askLines('GET /rejected-rows', { query }),
        askLines('GET /orphans', { query }),
      ])
      return { reasons, rows, orphans }
    },
  })
}
