/**
 * Questions about jobs and checks that wait for an answer: until there is one, or the time is over.
 *
 * @module
 */
import type { ServerContext } from '../server-context.ts'

/** Milliseconds after which it is looked again: another server may have been asked. */
const lookAgain = 1000

interface Wait<T> {
  readonly read: () => Promise<T>
  /** What is known already. */
  readonly first?: T | undefined
  readonly over: (found: T) => boolean
  /** 0 when absent. */
  readonly seconds: number | undefined
  readonly signal: AbortSignal
}

/** What is read when it is `over`, or as it is when the time is. */
export async function until<T>(
  { jobsChanged, stopping }: ServerContext,
  { read, first, over, seconds = 0, signal }: Wait<T>,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  let found = first ?? (await read())
  for (;;) {
    const left = end - performance.now()
    if (over(found) || left <= 0 || signal.aborted || stopping.aborted) return found
    await jobsChanged.wait(Math.min(lookAgain, left), AbortSignal.any([signal, stopping]))
    if (signal.aborted || stopping.aborted) return found
    found = await read()
  }
}
