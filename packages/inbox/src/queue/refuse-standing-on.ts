/**
 * Refuses what builds on a delivery that came to nothing, at once and with its reason: nobody waits for a turn that cannot
 * come, and an agent that asks has to begin anew.
 *
 * @module
 */
import { type OnRunClosed, recordRefusal } from '@sluice/engine'
import { type DeliveryState, deliveryLife } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { moveDelivery } from './change-delivery.ts'
import { BaseLostError } from './delivery-errors.ts'
import { standingOn } from './queue.ts'
import { originOf } from './queued-delivery.ts'

/** It is over, and the repository will never hold what it says. */
export function cameToNothing(state: DeliveryState): boolean {
  return !deliveryLife.isOpen(state) && state !== deliveryLife.destinationOf('passed')
}

/**
 * To be called in the transaction in which the delivery ends, whatever its end: of one that is open or applied, nothing is
 * refused.
 */
export async function refuseStandingOn(
  session: Session,
  deliveryId: string,
  onClosed: OnRunClosed,
): Promise<void> {
  const { base, standing } = await standingOn(session, deliveryId)
  if (base === undefined || !cameToNothing(base.state)) return
  const { id, source, state, reason } = base
  for (const one of standing) {
    const error = new BaseLostError(source, id, state, reason)
    if (await moveDelivery(session, one.id, 'baseLost', error.message))
      await recordRefusal(session, originOf(one), error, onClosed)
  }
}
