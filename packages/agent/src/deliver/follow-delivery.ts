/**
 * Waits for the run that decides about a delivery, at a server that is asked again and again with long breath.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isUndecided, type OnProgress } from '@sluice/model'
import { type DeliveryStatus, type Inbox, isNothingThere, routes } from '@sluice/protocol'
import {
  DeliveryPutAsideError,
  DeliverySuspendedError,
  ResultUnknownError,
  SourceHeldError,
} from './deliver-errors.ts'
import type { ServerLink } from './server-link.ts'
import { isNoWordOfServer } from './whose-word.ts'
import { type RetryOptions, withRetry } from './with-retry.ts'

export interface FollowOptions extends RetryOptions {
  readonly inbox: Inbox
  readonly source: string
  readonly onProgress?: OnProgress | undefined
}

/** Seconds that the server may take for an answer: longer each time, because a held run before it is noticed in between. */
const [firstBreath, longestBreath] = [1, 20]

/**
 * Resolves when a run has decided about the delivery, or none will. Throws `SourceHeldError` when it waits behind a held
 * run, `DeliveryPutAsideError` behind a delivery that was put aside, `DeliverySuspendedError` when its source is suspended, `ResultUnknownError` when the server goes away for longer than it is retried, or the wait is ended.
 */
export async function followDelivery(
  link: ServerLink,
  deliveryId: string,
  options: FollowOptions,
): Promise<DeliveryStatus> {
  const { inbox, source, onProgress } = options
  // Nothing is lost by not waiting: the server goes on by itself.
  const signal = anyOf(options.signal, options.stop)
  const params = { delivery: deliveryId }
  try {
    for (let breath = firstBreath; ; breath = Math.min(breath * 2, longestBreath)) {
      onProgress?.({ stage: 'receive', source, subject: 'waits for the server' })
      const status = await withRetry(
        (until) => link.client.call(routes.delivery, { params, query: { wait: breath }, signal: until }),
        { ...options, signal },
      )
      if (!isUndecided(status.state)) return status
      const { heldRun, asideDelivery, suspension = null } = await inbox.chain(source)
      if (heldRun !== null) throw new SourceHeldError(source, heldRun)
      if (asideDelivery !== null) throw new DeliveryPutAsideError(source, asideDelivery)
      if (suspension !== null) throw new DeliverySuspendedError(source, suspension)
      // A server that is about to stop answers at once.
      await sleep(200, undefined, { signal })
    }
  } catch (error) {
    if (signal.aborted) throw new ResultUnknownError(source, deliveryId, 'the wait was interrupted.')
    const unknown = isNoWordOfServer(error) || isNothingThere(error)
    throw unknown ? new ResultUnknownError(source, deliveryId, error) : error
  }
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined))
}
