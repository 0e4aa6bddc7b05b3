/**
 * Hands over what the work folder knows of executions that have ended.
 *
 * @module
 */
import { type Execution, SluiceError } from '@sluice/model'
import type { JobKeeper } from '../open/job-keeper.ts'
import { forgetExecution, readJournal } from './execution-journal.ts'

/** Milliseconds for one of them. */
const within = 10_000

/** Those that are at work are their own process's to hand over. Ends at the first that is not taken; never throws. */
export async function handOver(workFolder: string, keeper: Pick<JobKeeper, 'keep'>): Promise<void> {
  for (const execution of await readJournal(workFolder).catch(() => [])) {
    if (execution.state === 'running') continue
    if (!(await handOverOne(workFolder, keeper, execution))) return
  }
}

/** `false`: nobody is there to take it, and it waits in the work folder. */
export async function handOverOne(
  workFolder: string,
  keeper: Pick<JobKeeper, 'keep'>,
  execution: Execution,
): Promise<boolean> {
  try {
    await keeper.keep(execution, { signal: AbortSignal.timeout(within) })
  } catch (error) {
    if (!isRefused(error)) return false
  }
  await forgetExecution(workFolder, execution.execution).catch(() => undefined)
  return true
}

/** The server understands it, and will never take it. */
function isRefused(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'SLUICE-SERVER-04' && !error.retry
}
