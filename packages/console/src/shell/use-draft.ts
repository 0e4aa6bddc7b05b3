/**
 * What is typed outlives a reload and a session that ends: it is kept in this tab until it is applied or discarded.
 *
 * @module
 */
import { useCallback, useState } from 'react'

interface Draft<T> {
  /** `undefined`: nothing is being edited. */
  readonly draft: T | undefined
  /** It was here when the page came. */
  readonly restored: boolean
  readonly keep: (draft: T) => void
  readonly drop: () => void
}

/** `read`: what JSON holds as a draft, or `undefined` where it is none. */
export function useDraft<T>(key: string, read: (stored: unknown) => T | undefined): Draft<T> {
  const place = `sluice draft ${key}`
  const [stored] = useState(() => storedIn(place, read))
  const [draft, setDraft] = useState(stored)
  const [restored, setRestored] = useState(stored !== undefined)
  const keep = useCallback(
    (next: T) => {
      sessionStorage.setItem(place, JSON.stringify(next))
      setDraft(() => next)
    },
    [place],
  )
  const drop = useCallback(() => {
    sessionStorage.removeItem(place)
    setDraft(undefined)
    setRestored(false)
  }, [place])
  return { draft, restored, keep, drop }
}

function storedIn<T>(place: string, read: (stored: unknown) => T | undefined): T | undefined {
  try {
    return read(JSON.parse(sessionStorage.getItem(place) ?? 'null'))
  } catch {
    return undefined
  }
}
