/**
 * The model, asked once: what every page about resources needs.
 *
 * @module
 */
import type { Association, EntityType } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask, type Reply } from '../api/ask.ts'

export type StoredSource = Reply<'GET /model'>['sources'][number]

export interface KnownModel {
  readonly types: ReadonlyMap<string, EntityType>
  readonly associations: readonly Association[]
  readonly sources: readonly StoredSource[]
}

interface Asked {
  /** `undefined`: it is on its way. */
  readonly model: KnownModel | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
}

/** `enabled`: it is asked for, unless it is known already. */
export function useModel({ enabled = true }: { readonly enabled?: boolean } = {}): Asked {
  const { data, error, refetch } = useQuery({
    queryKey: ['model'],
    queryFn: () => ask('GET /model'),
    staleTime: 60_000,
    enabled,
  })
  const model = useMemo(
    () =>
      data && {
        types: new Map(data.entityTypes.map((type) => [type.name, type])),
        associations: data.associations,
        sources: data.sources,
      },
    [data],
  )
  return { model, error, refetch }
}
