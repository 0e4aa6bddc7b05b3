/**
 * The notifications of a repository, as servers, projects and the command line use them.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { NotificationRecord, Tested } from '@sluice/model'
import type { Database } from '@sluice/repository'
import { type CheckedJobs, checkJobs } from './late/check-jobs.ts'
import { checkLateness, type LatenessChange } from './late/check-lateness.ts'
import { checkOrders, type OverdueChange } from './late/check-orders.ts'
import { NotificationSentError, UnknownNotificationError, UnknownReceiverError } from './notify-errors.ts'
import {
  countUnsent,
  findNotification,
  listNotifications,
  type NotificationsQuery,
} from './outbox/list-notifications.ts'
import { retryNotifications } from './outbox/outbox.ts'
import { Pauses } from './outbox/pauses.ts'
import { sendMessage } from './send/send-message.ts'
import { type SendOptions, sendDue } from './send-due.ts'
import type { JobContext } from './write/tell-failed-job.ts'

export interface Notifications {
  /** Newest first. */
  list(query?: NotificationsQuery): Promise<readonly NotificationRecord[]>
  /** `undefined`: there is none of this id. */
  find(id: string): Promise<NotificationRecord | undefined>
  /** Sends one at once to a receiver, that is not in the outbox; what came of it. Throws `UnknownReceiverError`. */
  test(receiver: string): Promise<Tested>
  /** Has one tried again at once. Throws `UnknownNotificationError` and `NotificationSentError`. */
  retry(id: string): Promise<NotificationRecord>
  /** Has all tried again at once that wait or were given up; how many there are. */
  retryAll(): Promise<number>
  /** Finds sources that are late or have come again, and of which something ordered is overdue; writes that into the outbox. */
  checkLateness(): Promise<readonly (LatenessChange | OverdueChange)[]>
  /** Finds jobs that were cut off, and writes that into the outbox; `silentBefore` as `checkJobs` has it. */
  checkJobs(silentBefore?: ReadonlySet<string>): Promise<CheckedJobs>
  /** Sends what is due. */
  sendDue(options?: SendOptions): Promise<void>
  /** How many wait, and how many were given up. */
  countUnsent(): Promise<{ readonly waiting: number; readonly givenUp: number }>
}

/** `pauses`: of somebody who opens them again and again. */
export function openNotifications(
  database: Database,
  configuration: JobContext,
  pauses = new Pauses(),
): Notifications {
  const { notifications: settings } = configuration
  return {
    list: (query = {}) => listNotifications(database, query),
    find: (id) => findNotification(database, id),
    test: (receiver) => testReceiver(configuration, receiver),
    retry: (id) => retry(database, id),
    retryAll: () => retryNotifications(database),
    checkLateness: async () => [
      ...(await checkLateness(database, configuration)),
      ...(await checkOrders(database, configuration)),
    ],
    checkJobs: (silentBefore) => checkJobs(database, configuration, silentBefore),
    sendDue: (options = {}) => sendDue(database, settings, pauses, options),
    countUnsent: () => countUnsent(database),
  }
}

async function retry(database: Database, id: string): Promise<NotificationRecord> {
  const found = await findNotification(database, id)
  if (found === undefined) throw new UnknownNotificationError(id)
  const count = await retryNotifications(database, id)
  if (count === 0) throw new NotificationSentError(id, found.state)
  return (await findNotification(database, id)) ?? found
}

async function testReceiver({ notifications: { receivers } }: JobContext, name: string): Promise<Tested> {
  const receiver = receivers.get(name)
  if (receiver === undefined) throw new UnknownReceiverError(name, [...receivers.keys()])
  const attempt = await sendMessage(receiver, {
    id: randomUUID(),
    type: 'test',
    at: new Date().toISOString(),
    repetitions: 0,
    content: {
      source: null,
      owner: null,
      subject: `a test for ${name}`,
      run: null,
      error: null,
      lateness: null,
      link: null,
    },
  })
  return { receiver: name, error: attempt.problem ?? null }
}
