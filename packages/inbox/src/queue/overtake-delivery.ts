/**
 * A delivery that a later complete of its source takes the place of.
 *
 * @module
 */
import { overtakeHeldRun } from '@sluice/engine'
import { type DeliveryState, deliveryLife } from '@sluice/model'
import type { Session } from '@sluice/repository'
import { moveDelivery } from './change-delivery.ts'

/** `false` where its state ignores that. Its row is locked by whoever calls. */
export async function overtakeDelivery(
  session: Session,
  overtaken: { readonly id: string; readonly state: DeliveryState; readonly run: number | null },
  complete: string,
): Promise<boolean> {
  const reason = `Replaced by the later complete delivery ${complete}.`
  if (overtaken.run !== null && deliveryLife.takes(overtaken.state, 'approved'))
    await overtakeHeldRun(session, overtaken.run, { replacement: complete, reason })
  return await moveDelivery(session, overtaken.id, 'overtaken', reason)
}
