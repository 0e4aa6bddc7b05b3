/**
 * What is counted of notifications.
 *
 * @module
 */
import type { Notifications, Sent } from '@sluice/notify'
import { Counter, Gauge, type Registry } from 'prom-client'

/** What an attempt is called, beside the states that a notification is in afterwards. */
const attemptStates = { taken: 'sent', refused: 'waiting', exhausted: 'givenUp' } as const satisfies Record<
  Sent['outcome']['event'],
  string
>

export function notificationMetrics(registers: Registry[]): (event: Sent['outcome']['event']) => void {
  const attempts = new Counter({
    name: 'sluice_notifications_total',
    help: 'Notifications that this server has tried to send, by the state they were in afterwards.',
    labelNames: ['state'],
    registers,
  })
  return (event) => attempts.inc({ state: attemptStates[event] })
}

export function unsentMetrics(registers: Registry[]) {
  const waiting = new Gauge({
    name: 'sluice_notifications_waiting',
    help: 'Notifications that no receiver has taken yet; the same at every server of the repository.',
    registers,
  })
  const givenUp = new Gauge({
    name: 'sluice_notifications_given_up',
    help: 'Notifications that are not tried any more; the same at every server of the repository.',
    registers,
  })
  return (unsent: Awaited<ReturnType<Notifications['countUnsent']>>) => {
    waiting.set(unsent.waiting)
    givenUp.set(unsent.givenUp)
  }
}
