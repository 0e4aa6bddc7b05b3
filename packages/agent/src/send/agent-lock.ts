/**
 * Locks of an agent: one process at a time delivers a source, runs a job, follows the schedules.
 *
 * @module
 */
import { join } from 'node:path'
import { findHolder, type Lock, type LockHolder, takeLock } from '@sluice/files'

/** Takes the lock `name` in `folder`, or says at once who has it. Dispose either. */
export async function takeAgentLock(folder: string, name: string): Promise<Lock> {
  return takeLock(folder, fileOf(name))
}

/** Who has the lock `name` of a work folder, for whoever only looks. */
export function findAgentHolder(workFolder: string, name: string): LockHolder | undefined {
  return findHolder(join(workFolder, 'state', 'locks'), fileOf(name))
}

function fileOf(name: string): string {
  return `${name}.lock`
}
