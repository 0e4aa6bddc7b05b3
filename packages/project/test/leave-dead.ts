/**
 * A delivery as processes leave it that died in the middle of its run.
 *
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '@sluice/repository'

/** One died before, and one just now: the next that comes puts it aside. The delivery is announced. */
export async function leaveDead(database: Database, inbox: string, delivery: string): Promise<void> {
  await mkdir(join(inbox, delivery), { recursive: true })
  await writeFile(join(inbox, delivery, 'at-work'), '')
  await database.transaction(async (session) => {
    const { count } = await session.query('update sluice_delivery set deaths = 1 where delivery_id = $1', [
      delivery,
    ])
    if (count !== 1) throw new Error(`The server does not know of delivery ${delivery}.`)
    await session.query(
      `insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state)
      select 'delivery', by_kind, by_name, delivery_id, source_id, mode, 'running'
      from sluice_delivery where delivery_id = $1`,
      [delivery],
    )
  })
}
