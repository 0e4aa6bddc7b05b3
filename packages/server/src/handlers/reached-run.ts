/**
 * Runs of which the caller may be told.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { type Caller, reaches } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'

export async function reachedRun(
  { repository }: ServerContext,
  caller: Caller,
  run: number,
): Promise<RunReport> {
  const report = await repository.run(run)
  if (report === undefined || !reachesRun(caller, report)) throw new NothingThereError(`run ${run}`)
  return report
}

/** Runs that are about no source are seen by whoever sees all sources. */
function reachesRun(caller: Caller, { source }: RunReport): boolean {
  return source === null ? caller.role !== 'agent' : reaches(caller, source)
}
