/**
 * Tries again what failed for what may pass, after longer and longer waits, as the retry of a job says.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import { type JobRetry, SluiceError } from '@sluice/model'
import pRetry from 'p-retry'

/** What is waited for before the next try. */
export interface NextTry {
  /** What failed, in a sentence. */
  readonly reason: string
  /** Of the repetitions, from 1. */
  readonly number: number
  /** How many there are at most. */
  readonly of: number
  /** Milliseconds until it begins. */
  readonly wait: number
}

export interface RetryingOptions {
  /** Nothing is tried again when absent. */
  readonly retry: JobRetry | undefined
  readonly onRetry?: ((next: NextTry) => void) | undefined
  /** Either ends the waiting; what is at work is theirs to end. */
  readonly signal?: AbortSignal | undefined
  readonly stop?: AbortSignal | undefined
}

/** The waiting for another try was ended, because somebody asked to stop; `cause` is what the last try failed with. */
export class WaitEndedError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/** The result of `work`, or what was wrong at the last try; throws `WaitEndedError` where it would have gone on. */
export async function retrying<T>(work: () => Promise<T>, options: RetryingOptions): Promise<T> {
  const { retry, onRetry, signal, stop } = options
  if (retry === undefined) return await work()
  const { times, wait, factor, atMost } = retry
  const over = new AbortController()
  let failure: Error | undefined
  const endWait = () => {
    if (failure !== undefined) over.abort(new WaitEndedError(failure))
  }
  const aborted = () => signal?.aborted === true || stop?.aborted === true
  signal?.addEventListener('abort', endWait)
  stop?.addEventListener('abort', endWait)
  try {
    // Not handed the signals themselves: a result that comes after one of them is a result.
    return await pRetry(
      async () => {
        failure = undefined
        return await work()
      },
      {
        retries: times,
        minTimeout: wait,
        factor,
        maxTimeout: atMost,
        signal: over.signal,
        shouldRetry: ({ error, attemptNumber }) => {
          if (!mayPass(error)) return false
          if (aborted()) throw new WaitEndedError(error)
          failure = error
          const next = Math.min(wait * factor ** (attemptNumber - 1), atMost)
          onRetry?.({ reason: error.message, number: attemptNumber, of: times, wait: next })
          return true
        },
      },
    )
  } finally {
    signal?.removeEventListener('abort', endWait)
    stop?.removeEventListener('abort', endWait)
  }
}

function mayPass(thrown: unknown): boolean {
  const error = asFileFailure(thrown)
  return error instanceof SluiceError && error.retry
}
