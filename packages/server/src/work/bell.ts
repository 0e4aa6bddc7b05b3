/**
 * Wakes those who wait for something to happen in this process.
 *
 * Only a hint: what happened in another process rings no bell, so that whoever waits looks again after
 * a while, too.
 *
 * @module
 */

export interface Bell {
  ring(): void
  /** Until it rings, or so many milliseconds are over, or the signal is aborted. Never throws. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export function createBell(): Bell {
  const waiting = new Set<() => void>()
  return {
    ring() {
      for (const wake of [...waiting]) wake()
    },
    wait(milliseconds, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds)
        waiting.add(wake)
        signal?.addEventListener('abort', wake)
      })
    },
  }
}
