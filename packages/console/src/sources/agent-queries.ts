/**
 * What pages ask of the agents that deliver a source.
 *
 * @module
 */
import { queryOptions } from '@tanstack/react-query'
import { ask, type Reply } from '../api/ask.ts'
import { live } from '../api/query-client.ts'

export type DeliveringAgent = Reply<'GET /sources/:source/agents'>['agents'][number]
export type Start = Reply<'GET /job-starts/:start'>

export function agentsQuery(source: string) {
  return queryOptions({
    queryKey: ['agents', source],
    queryFn: () => ask('GET /sources/:source/agents', { params: { source } }),
    ...live,
  })
}

/** What became of a request; asked again until its agent has begun, or has said why not. */
export function startQuery(start: string | undefined) {
  return queryOptions({
    queryKey: ['start', start],
    queryFn: () => ask('GET /job-starts/:start', { params: { start: start ?? '' } }),
    enabled: start !== undefined,
    refetchInterval: ({ state: { data } }) => (data === undefined || isOpen(data) ? 1000 : false),
  })
}

export function isOpen({ state }: Pick<Start, 'state'>): boolean {
  return state === 'waiting' || state === 'taken'
}

/** An execution with its steps; of one at work again and again. */
export function executionQuery(execution: string) {
  return queryOptions({
    queryKey: ['execution', execution],
    queryFn: () => ask('GET /job-results/:execution', { params: { execution } }),
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === 'running' ? 1500 : false),
  })
}

export type Check = Reply<'GET /sources/:source/checks'>['checks'][number]

/** The last checks of the connection of a source; asked again each second while its agent has not answered. */
export function checksQuery(source: string, kind: Check['kind']) {
  return queryOptions({
    queryKey: ['checks', source, kind],
    queryFn: () => ask('GET /sources/:source/checks', { params: { source }, query: { kind } }),
    refetchInterval: ({ state: { data } }) => {
      const state = data?.checks[0]?.state
      return state === 'waiting' || state === 'taken' ? 1000 : 15_000
    },
  })
}

export function connectorQuery(source: string) {
  return queryOptions({
    queryKey: ['connector', source],
    queryFn: () => ask('GET /definitions/:source/connector', { params: { source } }),
    staleTime: 60_000,
  })
}
