/**
 * Sends what is due when a project with its repository in this process is closed: nobody else will.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import type { Notifications } from '@sluice/notify'

/** Milliseconds that a command waits at its end for receivers. */
const within = 10_000

/** Whatever is in the way, it waits for the next command: never throws. */
export async function sendAtEnd(
  notifications: Pick<Notifications, 'checkLateness' | 'checkJobs' | 'sendDue'>,
  { notifications: { receivers } }: Pick<Configuration, 'notifications'>,
): Promise<void> {
  if (receivers.size === 0) return
  try {
    await notifications.checkLateness()
    await notifications.checkJobs()
    await notifications.sendDue({ signal: AbortSignal.timeout(within) })
  } catch {
    // The database may be what ended the work.
  }
}
