/**
 * What pages ask of runs.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask } from '../api/ask.ts'
import { keptWithin, live } from '../api/query-client.ts'
import type { RunSearch, RunsSearch } from './runs-search.ts'

const runsInPage = 50
const changesInPage = 200

export function runsQuery({ source, state }: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: ['runs', { source, state }],
    ...keptWithin('runs'),
    queryFn: ({ pageParam: before, signal }) =>
      ask('GET /runs', { query: { source, state, before, limit: runsInPage }, signal }),
    initialPageParam: Number.MAX_SAFE_INTEGER,
    getNextPageParam: ({ runs }) => (runs.length < runsInPage ? undefined : (runs.at(-1)?.run ?? undefined)),
    // Whoever has gone further back reads what was; all those pages again and again would serve nobody.
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.pages.length > 1 ? false : live.refetchInterval,
  })
}

/** Of the charts: the last ones of a source. */
export function lastRunsQuery(source: string | undefined, limit = 40) {
  return queryOptions({
    queryKey: ['last runs', source, limit],
    queryFn: () => ask('GET /runs', { query: { source, limit } }),
    // Whole reports, which are large: a chart may be some seconds behind.
    refetchInterval: 15_000,
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
    ...keptWithin('changes', run, state),
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
