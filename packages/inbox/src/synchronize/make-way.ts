/**
 * A delivery that waits for somebody, held or put aside, makes way for a complete of its source that was announced behind it.
 *
 * @module
 */
import type { Database } from '@sluice/repository'
import { lockDelivery } from '../queue/change-delivery.ts'
import { overtakeDelivery } from '../queue/overtake-delivery.ts'
import { completeBehind } from '../queue/queue.ts'
import type { QueuedDelivery } from '../queue/queued-delivery.ts'
import type { FolderInbox } from '../upload/folder-inbox.ts'

/** `false` when there is none. */
export async function makeWay(
  { database, inbox }: { readonly database: Database; readonly inbox: FolderInbox },
  delivery: QueuedDelivery,
): Promise<boolean> {
  const replaced = await database.transaction(async (session) => {
    const complete = await completeBehind(session, delivery)
    if (complete === undefined) return false
    await lockDelivery(session, delivery.id)
    return await overtakeDelivery(session, delivery, complete)
  })
  if (replaced) await inbox.discard(delivery.id)
  return replaced
}
