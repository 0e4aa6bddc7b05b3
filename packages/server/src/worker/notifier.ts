/**
 * Wakes those who wait for something to happen in this process.
 *
 * Only a hint: what happens in another process notifies nobody here, so that whoever waits looks again after
 * a while, too.
 *
 * @module
 */

export interface Notifier {
  notify(): void
  /** Until it is notified, or so many milliseconds are over, or the signal is aborted. Never throws. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export function createNotifier(): Notifier {
  const waiting = new Set<() => void>()
  return {
    notify() {
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
