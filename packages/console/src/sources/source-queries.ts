/**
 * What pages ask of sources.
 *
 * @module
 */
import { queryOptions } from '@tanstack/react-query'
import { ask, askLines, type Reply } from '../api/ask.ts'

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

/** So many reasons and names are shown; a file holds no more of them either. */
export const mostLeftOut = 5000

export function leftOutQuery(source: string) {
  const query = { source, limit: mostLeftOut }
  return queryOptions({
    queryKey: ['left out', source],
    queryFn: async () => {
      const [reasons, orphans] = await Promise.all([
        askLines('GET /rejected-rows/reasons', { query }),
        askLines('GET /orphans', { query }),
      ])
      return { reasons, orphans }
    },
  })
}

/** Of all when no source is named. */
export function sourceTrendsQuery(source?: string) {
  return queryOptions({
    queryKey: ['source trends', source],
    queryFn: () => ask('GET /source-trends', { query: { source } }),
    refetchInterval: 60_000,
  })
}
