/**
 * Locks of a work folder: a job runs once at a time, and one agent takes care of the schedules.
 *
 * @module
 */
import { join } from 'node:path'
import { takeAgentLock } from '@sluice/agent'
import { describeHolder, withinLock } from '@sluice/files'
import type { SluiceError } from '@sluice/model'
import { AgentRunningError, JobRunningError } from './job-errors.ts'

/** Throws `JobRunningError` when another process is at it. */
export function aloneAtJob<T>(workFolder: string, job: string, work: () => Promise<T>): Promise<T> {
  return aloneAt(workFolder, `job-${job}`, {
    work,
    inUse: (holder, lock) => new JobRunningError(job, holder, lock),
  })
}

/** Throws `AgentRunningError` when another agent works here. */
export function aloneAsAgent<T>(workFolder: string, work: () => Promise<T>): Promise<T> {
  return aloneAt(workFolder, 'agent', {
    work,
    inUse: (holder, lock) => new AgentRunningError(workFolder, holder, lock),
  })
}

async function aloneAt<T>(
  workFolder: string,
  name: string,
  {
    work,
    inUse,
  }: { readonly work: () => Promise<T>; readonly inUse: (holder: string, lock: string) => SluiceError },
): Promise<T> {
  await using lock = await takeAgentLock(join(workFolder, 'state', 'locks'), name)
  if (lock.kind === 'busy') throw inUse(describeHolder(lock.holder), lock.path)
  return await withinLock(lock.held, work)
}
