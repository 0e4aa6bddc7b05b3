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

export interface Patience {
  /** Milliseconds from the first try; 0: a single try. */
  readonly retryFor: number
  readonly signal?: AbortSignal | undefined
  /** Told each time it is going to be tried again, and why. */
  readonly onRetry?: ((reason: Error) => void) | undefined
}

/** The result of `work`, or what was wrong at the last try. */
export function patiently<T>(work: () => Promise<T>, { retryFor, signal, onRetry }: Patience): Promise<T> {
  const end = performance.now() + retryFor
  return pRetry(work, {
    retries: retryFor === 0 ? 0 : Number.POSITIVE_INFINITY,
    maxRetryTime: retryFor,
    minTimeout: 200,
    maxTimeout: 15_000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => mayPass(error),
    onFailedAttempt: async ({ error }) => {
      if (mayPass(error)) onRetry?.(error)
      if (!(error instanceof RemoteError) || error.retryAfter === undefined || !mayPass(error)) return
      const wait = Math.min(error.retryAfter * 1000, end - performance.now())
      if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal })
    },
  })
}

/** Of a request that broke off, and of which the server does not know yet that it did. */
const fileAtWork = 'SLUICE-RECEIVE-08'

/** Another try may help: nobody answered, or somebody who could not do it now. */
export function mayPass(error: unknown): boolean {
  if (error instanceof RemoteError) {
    const { status, code } = error
    return status >= 500 || status === 429 || status === 408 || code === fileAtWork
  }
  return error instanceof UnreachableServerError && !isDistrusted(error)
}

/** A certificate does not become better by waiting. */
function isDistrusted({ cause }: UnreachableServerError): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/.test(code)
}
