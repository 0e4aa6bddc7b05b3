/**
 * A held delivery makes way for a complete of its source that was announced behind it.
 *
 * @module
 */
import { overtakeHeldRun } from '@sluice/engine'
import type { Database } from '@sluice/repository'
import { lockDelivery, moveDelivery } from '../queue/change-delivery.ts'
import { completeBehind } from '../queue/queue.ts'
import type { QueuedDelivery } from '../queue/queued-delivery.ts'
import type { FolderInbox } from '../upload/folder-inbox.ts'

/** `false` when there is none. */
export async function replaceHeldDelivery(
  { database, inbox }: { readonly database: Database; readonly inbox: FolderInbox },
  held: QueuedDelivery,
  run: number,
): Promise<boolean> {
  const replaced = await database.transaction(async (session) => {
    const complete = await completeBehind(session, held)
    if (complete === undefined) return false
    const reason = `Overtaken by complete delivery ${complete}.`
    await lockDelivery(session, held.id)
    await overtakeHeldRun(session, run, { replacement: complete, reason })
    return await moveDelivery(session, held.id, 'overtaken', reason)
  })
  if (replaced) await inbox.discard(held.id)
  return replaced
}
