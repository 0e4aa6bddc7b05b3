/**
 * Forgets previews of rows that nobody has read in time: their values stand in the repository for no longer than that.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

/** Milliseconds between two looks. */
const lookEvery = 10_000

interface ForgottenPreviews {
  readonly forget: () => Promise<void>
  readonly log: FastifyBaseLogger
}

/** Until it is stopped. */
export function keepForgettingPreviews(of: ForgottenPreviews): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const ended = forgetAgain(of, stopping.signal)
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

async function forgetAgain({ forget, log }: ForgottenPreviews, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await forget().catch((error: unknown) => {
      // A database that is away has its own place in the log.
      log.debug({ err: error }, 'previews of rows cannot be forgotten')
    })
    await sleep(lookEvery, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
