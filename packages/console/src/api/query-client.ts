/**
 * What was asked is kept, and asked again while it is looked at; the old answer stays until the new one is there.
 *
 * @module
 */
import { QueryClient, type QueryKey } from '@tanstack/react-query'
import { ApiError } from './api-errors.ts'

/** Milliseconds between two looks at what changes by itself; nothing is asked while the page is hidden. */
export const live = { refetchInterval: 4000 } as const

/**
 * A list that is filtered or sorted otherwise stays until the other one is there. Only where it is of the same: `prefix` is what its key
 * begins with. Of another run or resource nothing may stand on the page, not for a moment: somebody decides by it.
 */
export function keptWithin(...prefix: QueryKey) {
  return {
    placeholderData: <Data>(
      previous: Data | undefined,
      query: { readonly queryKey: QueryKey } | undefined,
    ) => (prefix.every((part, index) => query?.queryKey[index] === part) ? previous : undefined),
  }
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        // The server's own no is final; what can pass is tried again.
        retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status < 500),
      },
    },
  })
}
