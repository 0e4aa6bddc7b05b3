/**
 * Whether the page is being printed: then everything stands on it, and in light colours.
 *
 * @module
 */
import { useSyncExternalStore } from 'react'

let printing = false
const listeners = new Set<() => void>()

/** To be called once, before anything is shown. */
export function watchPrinting(): void {
  const root = document.documentElement
  let scheme = root.dataset['mantineColorScheme']
  const change = (begins: boolean) => {
    if (begins === printing) return
    printing = begins
    if (begins) scheme = root.dataset['mantineColorScheme']
    root.dataset['mantineColorScheme'] = begins ? 'light' : scheme
    for (const listener of listeners) listener()
  }
  addEventListener('beforeprint', () => change(true))
  addEventListener('afterprint', () => change(false))
  matchMedia('print').addEventListener('change', ({ matches }) => change(matches))
}

export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => printing)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
