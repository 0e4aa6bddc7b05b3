/**
 * The life of a notification, `sluice_notification.state`.
 *
 * The comments beside states and events are what docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const notificationStates = [
  /** Its receiver has not taken it yet; tried when it is due. */
  'waiting',
  /** Its receiver took it. */
  'sent',
  /** Its receiver did not take it for `notifications.giveUpAfter`. */
  'givenUp',
] as const
export type NotificationState = (typeof notificationStates)[number]

export const notificationEvents = [
  /** Its receiver took it. */
  'taken',
  /** Its receiver did not take it, and there is time for another try. */
  'refused',
  /** Its receiver did not take it, and there is no time for another try; or there is no such receiver any more. */
  'exhausted',
  /** Somebody wants it to be tried again at once. */
  'retried',
] as const
export type NotificationEvent = (typeof notificationEvents)[number]

export const notificationLife = new Life<NotificationState, NotificationEvent>({
  states: notificationStates,
  events: notificationEvents,
  start: 'waiting',
  table: {
    waiting: {
      taken: 'sent',
      refused: 'waiting',
      exhausted: 'givenUp',
      retried: 'waiting',
    },
    sent: {
      taken: 'ignored',
      // Of a process that was slower than its time: another one has sent it meanwhile.
      refused: 'ignored',
      exhausted: 'ignored',
      retried: 'ignored',
    },
    givenUp: {
      // Of a process that was slower than its time: it was sent all the same.
      taken: 'sent',
      refused: 'ignored',
      exhausted: 'ignored',
      retried: 'waiting',
    },
  },
})
