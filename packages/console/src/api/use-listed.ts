/**
 * A list that goes on as it is scrolled: page by page, each behind the cursor of the one before.
 *
 * @module
 */
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keptWithin, live } from './query-client.ts'

/** A line of a list that continues after it. */
interface Listed {
  readonly cursor: string
}

interface PageAsked {
  readonly limit: number
  /** `undefined`: from the beginning. */
  readonly cursor: string | undefined
  readonly signal: AbortSignal
}

export type ReadPage<Row> = (asked: PageAsked) => Promise<readonly Row[]>

const inPage = 200
/** Of a file that is saved: as many as every route gives. */
const inSavedPage = 1000

interface ListedOptions<Row> {
  readonly queryKey: QueryKey
  /** So many parts of the key say what the list is of. */
  readonly prefix: QueryKey
  readonly readPage: ReadPage<Row>
  /** It changes only by what is done here: it is not asked for again by itself. */
  readonly still?: boolean
}

export function useListed<Row extends Listed>({
  queryKey,
  prefix,
  readPage,
  still = false,
}: ListedOptions<Row>) {
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey,
    ...keptWithin(...prefix),
    queryFn: ({ pageParam, signal }) => readPage({ limit: inPage, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < inPage ? undefined : page.at(-1)?.cursor),
    // The further it was scrolled, the more is asked, and the less often.
    refetchInterval: still
      ? false
      : ({ state: { data: shown } }) => live.refetchInterval * (shown?.pages.length ?? 1),
  })
  const rows = useMemo(() => data?.pages.flat(), [data])
  const more = () => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }
  return { rows, error, refetch, more, isWhole: !hasNextPage }
}

/** All of it, however long it is. */
export async function* allPages<Row extends Listed>(
  readPage: ReadPage<Row>,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  let cursor: string | undefined
  do {
    const page = await readPage({ limit: inSavedPage, cursor, signal })
    yield page
    cursor = page.length < inSavedPage ? undefined : page.at(-1)?.cursor
  } while (cursor !== undefined)
}
