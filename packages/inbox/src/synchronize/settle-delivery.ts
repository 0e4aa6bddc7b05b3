/**
 * Keeps a delivery in step with the run that works on it: each event of the run is one of the delivery, in the same
 * transaction.
 *
 * @module
 */
import {
  nothingToSettle,
  type OnRunClosed,
  type RunOrigin,
  RunPreempted,
  type Settlement,
} from '@sluice/engine'
import { type DeliveryEvent, type DeliveryState, deliveryLife, type RunEvent } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { lockDelivery, moveDelivery } from '../queue/change-delivery.ts'
import { cameToNothing, refuseStandingOn } from '../queue/refuse-standing-on.ts'

/** What an event of a run is for its delivery; `undefined`: nothing. */
const eventOfDelivery = {
  passed: 'passed',
  thresholdExceeded: 'thresholdExceeded',
  failed: 'failed',
  interrupted: 'interrupted',
  preempted: undefined,
  approved: 'approved',
  outdated: 'outdated',
  rejected: 'rejected',
  overtaken: 'overtaken',
} as const satisfies Record<RunEvent, DeliveryEvent | undefined>

/** What is done about a delivery besides. */
export interface DeliveryCare {
  /** Removes the files of one that is over. */
  readonly discard: (delivery: string) => Promise<void>
  /** The turn of its run has come. */
  readonly begun?: ((delivery: string) => Promise<void>) | undefined
  /** A complete was applied: what else waits is said by it, too. */
  readonly overtake?: ((session: Session, delivery: string) => Promise<void>) | undefined
  /** Wants to know what is refused because it builds on it. */
  readonly onClosed: OnRunClosed
}

export function settleDelivery(
  { delivery, mode }: Pick<RunOrigin, 'delivery' | 'mode'>,
  { discard, begun, overtake, onClosed }: DeliveryCare,
): Settlement {
  if (delivery === null) return nothingToSettle
  return {
    lock: (session) => lockDelivery(session, delivery),
    claim: async (session) => {
      await claim(session, delivery, mode === 'incremental')
      await begun?.(delivery)
    },
    settle: async (session, event, reason) => {
      const what = eventOfDelivery[event]
      if (what === undefined) return true
      const moved = await moveDelivery(session, delivery, what, reason)
      if (moved && event === 'passed' && mode !== 'incremental') await overtake?.(session, delivery)
      if (moved && cameToNothing(deliveryLife.destinationOf(what)))
        await refuseStandingOn(session, delivery, onClosed)
      return moved
    },
    settled: async (event) => {
      const what = eventOfDelivery[event]
      if (what !== undefined && !deliveryLife.isOpen(deliveryLife.destinationOf(what)))
        await discard(delivery)
    },
  }
}

/**
 * Makes sure, in the transaction that is to apply the delivery, that it is still this run's: whoever else could
 * have worked on it has had the lock of runs before. From here to the end nobody cancels it; and a process that takes
 * the source over marks this run interrupted, so that it cannot be closed as applied. Both hold even when the
 * lock of the source was lost without our knowing.
 */
async function claim(session: Session, delivery: string, incremental: boolean): Promise<void> {
  const { rows } = await run(session, deliveryNow(delivery))
  const [now] = rows
  if (now === undefined || !deliveryLife.takes(now.state, 'passed')) {
    throw new RunPreempted(now?.reason ?? `The delivery is already ${now?.state ?? 'deleted'}.`)
  }
  if (incremental && now.applied !== now.base)
    throw new RunPreempted('Another delivery was applied meanwhile.')
}

interface Now {
  readonly state: DeliveryState
  readonly reason: string | null
  readonly base: string | null
  readonly applied: string | null
}

function deliveryNow(delivery: string): Statement<Now> {
  return statement(
    'inbox/claim-delivery',
    sql`select d.state, d.reason, d.base, s.applied_delivery as applied
     from sluice_delivery d join sluice_source s using (source_id)
     where d.delivery_id = ${sql.value(delivery)}::uuid for update of d`,
  )
}
