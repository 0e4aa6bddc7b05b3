/** What of a resource is looked at, and how that changes. @module */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ResourceView, readResourceView, writeResourceView } from './resource-view.ts'

export function useResourceView(): readonly [ResourceView, (changes: Partial<ResourceView>) => void] {
  const address: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const view = readResourceView(address)
  return [
    view,
    (changes) =>
      void navigate({ to: '.', search: () => writeResourceView({ ...view, ...changes }), replace: true }),
  ]
}
