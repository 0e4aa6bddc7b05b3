/**
 * Begins again after what may pass, ever more seldom.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SluiceError } from '@sluice/model'
import pRetry from 'p-retry'
import { ManagedSystemError, mayPass } from '../contract/managed-system-error.ts'
import { ConnectorFailedError } from './connector-errors.ts'
import type { OpenedConnector } from './open-connector.ts'

interface Attempts {
  readonly retries: number
  /** Milliseconds before the second attempt; each further pause is twice as long. */
  readonly pause: number
}

/** Longest pause between two attempts: milliseconds. */
const longestPause = 60_000

/** The result of `work`; throws `ConnectorFailedError`, without any secret in it. */
export async function attempting<T>(
  { retries, pause }: Attempts,
  { context, secrets }: OpenedConnector,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const { signal, source } = context
  let attempts = 0
  try {
    return await pRetry(() => work(++attempts), {
      retries,
      minTimeout: pause,
      maxTimeout: longestPause,
      randomize: pause >= 1000,
      signal,
      shouldRetry: ({ error }) => mayPass(error) && !signal.aborted,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!mayPass(error) || signal.aborted || retriesLeft === 0) return
        context.log(`${error.message} It is tried again.`)
        if (error instanceof ManagedSystemError && error.retryAfter !== undefined)
          await sleep(Math.min(error.retryAfter, 10 * longestPause), undefined, { signal })
      },
    })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SluiceError) throw error
    const message = error instanceof Error ? error.message : String(error)
    const remedy = error instanceof ManagedSystemError ? error.remedy : undefined
    throw new ConnectorFailedError(source, secrets.hide(/[.!?]$/.test(message) ? message : `${message}.`), {
      remedy: remedy === undefined ? undefined : secrets.hide(remedy),
      passing: mayPass(error),
      attempts,
      cause: withoutSecrets(error, secrets),
    })
  }
}

/** A cause is kept where it holds none. */
function withoutSecrets(error: unknown, secrets: OpenedConnector['secrets']): unknown {
  const texts: string[] = []
  for (let one = error; one instanceof Error; one = one.cause) texts.push(one.message, one.stack ?? '')
  const text = texts.join('\n')
  return secrets.hide(text) === text ? error : undefined
}
