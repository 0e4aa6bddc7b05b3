import type { RunBy } from '@sluice/model'
import { identityOf } from './agent-identity.ts'
import { isLocked, readJournal } from './execution-journal.ts'
import type { StoppedJob } from './jobs.ts'
import { noteStop } from './stop-note.ts'

/** Asks the process to stop that executes the job in this work folder; `undefined`: none does. */
export async function stopHere(workFolder: string, job: string, by: RunBy): Promise<StoppedJob | undefined> {
  if (!isLocked(workFolder, job)) return undefined
  await noteStop(workFolder, job, { by, at: new Date().toISOString() })
  const execution = (await readJournal(workFolder)).find((one) => one.job === job && one.state === 'running')
  return { execution: execution?.execution ?? null, agent: await identityOf(workFolder) }
}
