/**
 * Keys that lead to pages: `g`, then a letter within a second, outside of fields.
 *
 * @module
 */
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { destinations } from './navigation.ts'

const milliseconds = 1000

export function useGoKeys(): void {
  const navigate = useNavigate()
  // Outlives renderings: one may come between the two keys.
  const pressed = useRef(0)
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const { target, key } = event
      const isField =
        target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')
      if (isField || event.ctrlKey || event.metaKey || event.altKey) return
      if (key === 'g') {
        pressed.current = event.timeStamp
        return
      }
      const destination = destinations.find((one) => one.key === key)
      if (destination !== undefined && event.timeStamp - pressed.current < milliseconds)
        void navigate({ to: destination.to })
      pressed.current = 0
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [navigate])
}
