/**
 * Finds what a process that died had been at work on, and puts a delivery aside of which too many have died: whatever is in it
 * would end the next one, too, and no source would go on.
 *
 * @module
 */
import { findLeftAtWork, markInterrupted, type OnRunClosed, recordRefusal } from '@sluice/engine'
import type { RunReport } from '@sluice/model'
import type { Database, Session } from '@sluice/repository'
import { PutAsideError } from '../queue/aside-errors.ts'
import { countDeath, lockDelivery, moveDelivery } from '../queue/change-delivery.ts'
import { findDelivery } from '../queue/queue.ts'
import { originOf } from '../queue/queued-delivery.ts'
import type { WorkMarks } from './work-marks.ts'

/** The first death may have been anything: somebody's kill, another process's want of memory. */
const mostDeaths = 2

interface Surroundings {
  readonly database: Database
  readonly marks: WorkMarks
  readonly onClosed: OnRunClosed
}

/**
 * Notes the runs of the source as interrupted that nobody is at work on, which whoever has its lock may say. The reports of
 * deliveries that were put aside.
 */
export async function settleLeftAtWork(
  { database, marks, onClosed }: Surroundings,
  source: string,
): Promise<readonly RunReport[]> {
  const left = await database.session((session) => findLeftAtWork(session, source))
  if (left.length === 0) return []
  const marked: string[] = []
  for (const id of left) if (id !== null && (await marks.isSet(id))) marked.push(id)
  const reports = await database.transaction(async (session) => {
    // Before the rows of runs, as everybody does. A run that goes on all the same, its lock lost, is waited for and has not died.
    for (const id of marked) await lockDelivery(session, id)
    const interrupted = await markInterrupted(session, source, onClosed)
    const reports: RunReport[] = []
    for (const id of marked) {
      const report = interrupted.includes(id) ? await noteDeath(session, id, onClosed) : undefined
      if (report !== undefined) reports.push(report)
    }
    return reports
  })
  for (const id of marked) await marks.take(id)
  return reports
}

async function noteDeath(
  session: Session,
  id: string,
  onClosed: OnRunClosed,
): Promise<RunReport | undefined> {
  const deaths = await countDeath(session, id)
  const delivery = await findDelivery(session, id)
  if (deaths === undefined || deaths < mostDeaths || delivery === undefined) return undefined
  const error = new PutAsideError(delivery.source, id, deaths)
  await moveDelivery(session, id, 'putAside', error.message)
  return await recordRefusal(session, originOf(delivery), error, onClosed)
}
