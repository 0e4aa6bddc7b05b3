/**
 * What of a list is looked at, and how that changes: all of it is in the address.
 *
 * @module
 */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { type Browse, readBrowse, writeBrowse } from './browse.ts'

export type ChangeBrowse = (changes: Partial<Browse>) => void

export function useBrowse(): readonly [Browse, ChangeBrowse] {
  const address: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const browse = useMemo(() => readBrowse(address), [address])
  const change = useCallback(
    (changes: Partial<Browse>) =>
      void navigate({ to: '.', search: () => writeBrowse({ ...browse, ...changes }), replace: true }),
    [browse, navigate],
  )
  return [browse, change]
}
