/**
 * Executions of jobs as a work folder knows them: a file each, from the beginning of one until it has ended and been handed over.
 *
 * What is not handed over because the server is away, or the process was killed, is so by whoever comes next.
 *
 * @module
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findAgentHolder } from '@sluice/agent'
import { makePrivateFolder, readIfThere, writeDurably } from '@sluice/files'
import { type Execution, executionSchema } from '@sluice/model'

/** So many wait for a server at most; the oldest ones go first. */
const most = 1000

function journalFolder(workFolder: string): string {
  return join(workFolder, 'state', 'executions')
}

/** One process at a time writes that of one execution. */
export async function noteExecution(workFolder: string, execution: Execution): Promise<void> {
  const folder = journalFolder(workFolder)
  await makePrivateFolder(folder)
  await writeDurably(join(folder, `${execution.execution}.json`), `${JSON.stringify(execution)}\n`)
}

export async function forgetExecution(workFolder: string, execution: string): Promise<void> {
  await rm(join(journalFolder(workFolder), `${execution}.json`), { force: true })
}

/** Those that are at work, and those that wait to be handed over; the oldest first. */
export async function readJournal(workFolder: string): Promise<readonly Execution[]> {
  const names = await readdir(journalFolder(workFolder)).catch(() => [])
  const found: Execution[] = []
  for (const name of names) {
    const execution = name.endsWith('.json') ? await readNote(workFolder, name) : undefined
    if (execution !== undefined) found.push(withTruth(workFolder, execution))
  }
  found.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  for (const old of found.splice(0, Math.max(0, found.length - most)))
    await forgetExecution(workFolder, old.execution)
  return found
}

/** One that cannot be read is not told of: somebody has edited it. */
async function readNote(workFolder: string, name: string): Promise<Execution | undefined> {
  const path = join(journalFolder(workFolder), name)
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  try {
    return executionSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Whoever executes a job has its lock: without one its process has ended in the middle. */
function withTruth(workFolder: string, execution: Execution): Execution {
  if (execution.state !== 'running' || isLocked(workFolder, execution.job)) return execution
  return { ...execution, state: 'interrupted' }
}

/** Whether a process executes the job in this work folder. */
export function isLocked(workFolder: string, job: string): boolean {
  return findAgentHolder(workFolder, `job-${job}`) !== undefined
}
