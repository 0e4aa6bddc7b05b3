/**
 * What was asked is kept, asked again while it is looked at, and stays on the page while a newer answer comes.
 *
 * @module
 */
import { keepPreviousData, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-errors.ts'

/** Milliseconds between two looks at what changes by itself; nothing is asked while the page is hidden. */
export const live = { refetchInterval: 4000 } as const

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        placeholderData: keepPreviousData,
        // The server's own no is final; what can pass is tried again.
        retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status < 500),
      },
    },
  })
}
