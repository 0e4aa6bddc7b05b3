/**
 * Tries again what a network or a restarting server has spoilt, and nothing else.
 *
 * What a server refuses stays refused; what it could not answer, or answers "later" to, is asked again, ever more
 * seldom and never in step with other agents.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RemoteError, UnreachableServerError } from '@sluice/protocol'
import pRetry from 'p-retry'

export interface RetryOptions {
  /** Milliseconds from the first try; 0: a single try. */
  readonly retryFor: number
  /** Gives up whatever is being done. */
  readonly signal?: AbortSignal | undefined
  /** Ends the waiting: what failed is not tried again, and the present try has a second to be answered. */
  readonly stop?: AbortSignal | undefined
  /** Called each time it is going to be tried again, with the reason. */
  readonly onRetry?: ((reason: Error) => void) | undefined
  /** Called each time it was answered, whatever the answer. */
  readonly onAnswer?: (() => void) | undefined
}

/** Milliseconds. */
const grace = 1000

/** What a wait comes to that is ended before there was an answer. */
class UnansweredError extends Error {
  constructor() {
    super('The server had not answered when waiting for it was interrupted.')
  }
}

/**
 * The result of `work`, or what was wrong at the last try. `work` is given a signal that ends the present try. As long as
 * `progress` returns something else each second, a try is not a wait, and `stop` lets it go on.
 */
export async function withRetry<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { retryFor, signal, stop, onRetry, onAnswer }: RetryOptions,
  progress: () => unknown = () => undefined,
): Promise<T> {
  const end = performance.now() + retryFor
  let failure: Error | undefined
  using over = ending(signal, stop, () => failure, progress)
  try {
    const found = await pRetry(() => work(over.signal), {
      retries: retryFor === 0 ? 0 : Number.POSITIVE_INFINITY,
      maxRetryTime: retryFor,
      minTimeout: 200,
      maxTimeout: 15_000,
      randomize: true,
      signal: over.signal,
      shouldRetry: ({ error }) => isTransient(error) && stop?.aborted !== true,
      onFailedAttempt: async ({ error }) => {
        if (!isTransient(error) || over.signal.aborted || stop?.aborted === true) return
        failure = error
        onRetry?.(error)
        if (!(error instanceof RemoteError) || error.retryAfter === undefined) return
        const wait = Math.min(error.retryAfter * 1000, end - performance.now())
        if (wait > 0) await sleep(wait, undefined, { signal: over.signal })
      },
    })
    onAnswer?.()
    return found
  } catch (error) {
    if (over.signal.aborted) throw over.signal.reason
    if (error instanceof RemoteError && error.isOwnWord && !isTransient(error)) onAnswer?.()
    throw error
  }
}

/** Aborted with the reason of `signal`; or when `stop` finds nothing but a wait, with what is waited for. */
function ending(
  signal: AbortSignal | undefined,
  stop: AbortSignal | undefined,
  failure: () => Error | undefined,
  progress: () => unknown,
) {
  const over = new AbortController()
  let watch: NodeJS.Timeout | undefined
  const giveUp = () => over.abort(signal?.reason)
  const hurry = () => {
    const failed = failure()
    if (failed !== undefined) return over.abort(failed)
    let before = progress()
    watch = setInterval(() => {
      const now = progress()
      if (now === before) over.abort(failure() ?? new UnansweredError())
      before = now
    }, grace)
  }
  signal?.addEventListener('abort', giveUp)
  stop?.addEventListener('abort', hurry)
  if (signal?.aborted === true) giveUp()
  if (stop?.aborted === true) hurry()
  return {
    signal: over.signal,
    // Signals live as long as the process; what listens to them must not.
    [Symbol.dispose]() {
      clearInterval(watch)
      signal?.removeEventListener('abort', giveUp)
      stop?.removeEventListener('abort', hurry)
    },
  }
}

/** Another try may help: nobody answered, or the answer says so. What happens on this side is not tried again. */
export function isTransient(error: unknown): boolean {
  if (error instanceof UnansweredError) return true
  return (error instanceof RemoteError || error instanceof UnreachableServerError) && error.retry
}
