/**
 * Lets one process at a time do a piece of work of the agent: deliver a source, run a job, follow the schedules.
 *
 * @module
 */
import { type Lock, takeLock } from '@sluice/files'

/** Takes the lock of the work `name` in `folder`, or says at once who has it. Dispose either. */
export async function lockWork(folder: string, name: string): Promise<Lock> {
  return takeLock(folder, `${name}.lock`)
}
