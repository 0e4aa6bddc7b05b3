/**
 * The resources that a list shows, page by page as it is read.
 *
 * @module
 */
import type { EntityType } from '@sluice/model'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask, askLines, type Reply } from '../api/ask.ts'
import { keptWithin } from '../api/query-client.ts'
import type { Browse } from './browse.ts'
import { searchConditions, writeFilter } from './filters.ts'

export type Listed = Reply<'GET /resources/:entityType'>

const pageSize = 200

/** As the server is asked. */
export function conditionsOf(type: EntityType, { words, filters }: Pick<Browse, 'words' | 'filters'>) {
  const names = new Set(type.properties.map(({ name }) => name))
  const where = filters.filter(({ property }) => names.has(property)).map(writeFilter)
  return { where, anyOf: searchConditions(type, words) }
}

export function useResources(type: EntityType, browse: Browse, columns: readonly string[]) {
  const query = { ...conditionsOf(type, browse), columns: columns.join(','), sort: browse.sort }
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['resources', type.name, query],
    ...keptWithin('resources', type.name),
    queryFn: ({ pageParam, signal }) =>
      askLines('GET /resources/:entityType', {
        params: { entityType: type.name },
        query: { ...query, limit: pageSize, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.cursor),
  })
  const rows = useMemo(() => data?.pages.flat(), [data])
  const more = () => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }
  return { rows, error, refetch, more }
}

export function useCount(type: EntityType, browse: Browse) {
  const query = conditionsOf(type, browse)
  return useQuery({
    queryKey: ['count', type.name, query],
    ...keptWithin('count', type.name),
    queryFn: ({ signal }) =>
      ask('GET /resource-counts/:entityType', { params: { entityType: type.name }, query, signal }),
  })
}
