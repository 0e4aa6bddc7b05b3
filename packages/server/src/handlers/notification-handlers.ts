/**
 * The outbox of notifications, and tests of receivers.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { Caller } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function notificationHandlers({ notifications, notificationsDue }: ServerContext) {
  return {
    notifications: handler(routes.notifications, async ({ query, caller }) => ({
      notifications: await notifications.list({ ...query, among: reachedBy(caller) }),
    })),

    retryNotification: handler(routes.retryNotification, async ({ params, caller, log }) => {
      const record = await notifications.retry(params.notification)
      log.info({ by: caller.name, receiver: record.receiver }, 'notification is tried again')
      notificationsDue.notify()
      return record
    }),

    retryNotifications: handler(routes.retryNotifications, async ({ caller, log }) => {
      const count = await notifications.retryAll()
      log.info({ by: caller.name, count }, 'notifications are tried again')
      notificationsDue.notify()
      return { count }
    }),

    testReceiver: handler(routes.testReceiver, async ({ params, caller, log }) => {
      const tested = await notifications.test(params.receiver)
      log.info({ by: caller.name, ...tested }, 'receiver tested')
      return tested
    }),
  }
}

/** What an agent sees is about its own sources; `undefined`: all, and what is about none. */
function reachedBy({ role, sources }: Caller): readonly string[] | undefined {
  return role === 'agent' ? sources : undefined
}
