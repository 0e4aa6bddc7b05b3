/** What of the queue is looked at, and how that changes. @module */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type MatchView, readMatchView, writeMatchView } from './match-address.ts'

export function useMatchView(): readonly [MatchView, (changes: Partial<MatchView>) => void] {
  const address: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const view = readMatchView(address)
  return [
    view,
    (changes) =>
      void navigate({ to: '.', search: () => writeMatchView({ ...view, ...changes }), replace: true }),
  ]
}
