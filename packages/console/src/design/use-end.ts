import { useEffect } from 'react'

/** Calls `onEnd` when the last rows of so many come into view. */
export function useEnd(last: number | undefined, count: number, onEnd: (() => void) | undefined): void {
  const isNear = last !== undefined && last >= count - 10
  useEffect(() => {
    if (isNear && count > 0) onEnd?.()
  }, [isNear, count, onEnd])
}
