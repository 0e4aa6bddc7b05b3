/**
 * What the pages of mappings ask.
 *
 * @module
 */
import { queryOptions } from '@tanstack/react-query'
import { ask, askLines } from '../api/ask.ts'
import { keptWithin } from '../api/query-client.ts'
import { justBefore } from './just-before.ts'
import type { ModuleText } from './modules-draft.ts'

export function modulesQuery(source: string) {
  return queryOptions({
    queryKey: ['modules', source],
    queryFn: () => ask('GET /sources/:source/modules', { params: { source } }),
    // Somebody writes upon them: they change when he asks, and not under his hands.
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function triedQuery(source: string, root: string, modules: readonly ModuleText[]) {
  return queryOptions({
    queryKey: ['tried', source, root, modules],
    ...keptWithin('tried', source, root),
    queryFn: ({ signal }) =>
      ask('POST /sources/:source/modules/try', {
        params: { source },
        body: { modules: [...modules], root },
        signal,
      }),
    staleTime: 60_000,
  })
}

const offered = 50

/** Roots that failed, and others whose names begin so. */
export function rootsQuery(source: string, start: string) {
  return queryOptions({
    queryKey: ['roots', source, start],
    ...keptWithin('roots', source),
    queryFn: async ({ signal }) => {
      const of = { params: { source }, signal }
      const [failed, others] = await Promise.all([
        askLines('GET /sources/:source/roots', { ...of, query: { failed: true, limit: offered } }),
        askLines('GET /sources/:source/roots', {
          ...of,
          query: { limit: offered, after: justBefore(start) },
        }),
      ])
      return {
        failed: failed.filter(({ root }) => root.startsWith(start)),
        others: others.filter(({ root, failure }) => failure === null && root.startsWith(start)),
      }
    },
    staleTime: 30_000,
  })
}
