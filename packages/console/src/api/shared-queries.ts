/**
 * What several pages ask alike: asked once, and kept once.
 *
 * @module
 */
import { queryOptions } from '@tanstack/react-query'
import { ask } from './ask.ts'
import { live } from './query-client.ts'

export const statusQuery = queryOptions({ queryKey: ['status'], queryFn: () => ask('GET /status'), ...live })

export const typeCountsQuery = queryOptions({
  queryKey: ['resource-counts'],
  queryFn: () => ask('GET /resource-counts'),
  staleTime: 10_000,
})
