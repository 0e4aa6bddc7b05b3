/**
 * How somebody in the same work folder asks for a job to be stopped: a note for the process that executes it, which looks every second.
 *
 * The repository need not be opened for it: while a job is at work, one in a folder cannot be.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFolder, readIfThere, writeDurably } from '@sluice/files'
import { executionSchema, type StopRequest } from '@sluice/model'

const noteSchema = executionSchema.shape.stop.unwrap()

function folderOf(workFolder: string): string {
  return join(workFolder, 'state', 'stops')
}

function pathOf(workFolder: string, job: string): string {
  return join(folderOf(workFolder), `${job}.json`)
}

export async function noteStop(workFolder: string, job: string, stop: StopRequest): Promise<void> {
  await makePrivateFolder(folderOf(workFolder))
  await writeDurably(pathOf(workFolder, job), `${JSON.stringify(stop)}\n`)
}

export async function readStop(workFolder: string, job: string): Promise<StopRequest | undefined> {
  try {
    const text = await readIfThere(pathOf(workFolder, job))
    return text === undefined ? undefined : noteSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** What was asked of an execution before counts for no other. */
export async function forgetStop(workFolder: string, job: string): Promise<void> {
  await rm(pathOf(workFolder, job), { force: true })
}
