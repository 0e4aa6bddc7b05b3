/**
 * Locks of a work folder: a job runs once at a time, and one agent takes care of the schedules.
 *
 * @module
 */
import { join } from 'node:path'
import { takeAgentLock } from '@sluice/agent'
import { describeHolder } from '@sluice/files'
import type { SluiceError } from '@sluice/model'
import { AgentRunningError, JobRunningError } from './job-errors.ts'

/** Locked until disposed of, or until the process is gone. Throws `JobRunningError` when another one has it. */
export async function lockJob(workFolder: string, job: string): Promise<AsyncDisposable> {
  return take(workFolder, `job-${job}`, (holder) => new JobRunningError(job, holder))
}

/** Throws `AgentRunningError` when another agent works here. */
export async function lockAgent(workFolder: string): Promise<AsyncDisposable> {
  return take(workFolder, 'agent', (holder) => new AgentRunningError(workFolder, holder))
}

async function take(
  workFolder: string,
  name: string,
  inUse: (holder: string) => SluiceError,
): Promise<AsyncDisposable> {
  const lock = await takeAgentLock(join(workFolder, 'state', 'locks'), name)
  if (lock.kind === 'busy') throw inUse(describeHolder(lock.holder))
  return lock
}
