/**
 * One resource: everything known of it, and the version in which it is edited.
 *
 * @module
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, type Reply } from '../api/ask.ts'

export type Explanation = Reply<'GET /resources/:entityType/:key/explanation'>
export type ExplainedValue = Explanation['values'][number]
export type Claim = ExplainedValue['claims'][number]
export type HistoryEntry = Explanation['history'][number]
export type Versioned = Reply<'GET /resources/:entityType/:key'>

/** `fresh`: asked again though it has just been asked. */
export function useExplanation(
  type: string,
  id: string,
  { fresh = false }: { readonly fresh?: boolean } = {},
) {
  return useQuery({
    queryKey: ['resource', type, id, 'explanation'],
    queryFn: () =>
      ask('GET /resources/:entityType/:key/explanation', { params: { entityType: type, key: `#${id}` } }),
    ...(fresh ? { refetchOnMount: 'always' as const } : {}),
  })
}

export function askVersioned(type: string, id: string): Promise<Versioned> {
  return ask('GET /resources/:entityType/:key', { params: { entityType: type, key: id } })
}

/** What was asked of resources is old: something was changed. Duplicates come first, so that nobody asks for those that were merged away. */
export function useForgetResources(): () => Promise<unknown> {
  const client = useQueryClient()
  const forget = (key: string) => client.invalidateQueries({ queryKey: [key] })
  return async () => {
    await forget('duplicates')
    await Promise.all(['resource', 'resources', 'count', 'counts', 'neighbours', 'linked'].map(forget))
  }
}
