/**
 * What pages ask of runs.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask } from '../api/ask.ts'
import { live } from '../api/query-client.ts'
import type { RunSearch, RunsSearch } from './runs-search.ts'

const runsInPage = 50
const changesInPage = 200

export function runsQuery({ source, state }: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: ['runs', { source, state }],
    queryFn: ({ pageParam: before, signal }) =>
      ask('GET /runs', { query: { source, state, before, limit: runsInPage }, signal }),
    initialPageParam: Number.MAX_SAFE_INTEGER,
    getNextPageParam: ({ runs }) => (runs.length < runsInPage ? undefined : (runs.at(-1)?.run ?? undefined)),
    ...live,
  })
}

/** Of the charts: the last ones of a source. */
export function lastRunsQuery(source: string | undefined, limit = 40) {
  return queryOptions({
    queryKey: ['last runs', source, limit],
    queryFn: () => ask('GET /runs', { query: { source, limit } }),
    ...live,
  })
}

export function runQuery(run: number) {
  return queryOptions({
    queryKey: ['run', run],
    queryFn: () => ask('GET /runs/:run', { params: { run } }),
    // What is decided may still be taken back by another run.
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 1000 : live.refetchInterval),
  })
}

export function summaryQuery({ run, state }: Pick<RunReport, 'run' | 'state'>) {
  return queryOptions({
    queryKey: ['changes summary', run, state],
    queryFn: () => ask('GET /runs/:run/changes/summary', { params: { run: run ?? 0 } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export type ChangesFilter = Pick<RunSearch, 'type' | 'operation' | 'property' | 'key'>

/** Behind a decision the cursors are others. */
export function changesQuery({ run, state }: Pick<RunReport, 'run' | 'state'>, filter: ChangesFilter) {
  const { key: keyStart, ...of } = filter
  return infiniteQueryOptions({
    queryKey: ['changes', run, state, filter],
    queryFn: ({ pageParam, signal }) =>
      ask('GET /runs/:run/changes/page', {
        params: { run: run ?? 0 },
        query: { ...of, keyStart, limit: changesInPage, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
