/**
 * Locks of an agent: one process at a time delivers a source, runs a job, follows the schedules.
 *
 * @module
 */
import { type Lock, takeLock } from '@sluice/files'

/** Takes the lock `name` in `folder`, or says at once who has it. Dispose either. */
export async function takeAgentLock(folder: string, name: string): Promise<Lock> {
  return takeLock(folder, `${name}.lock`)
}
