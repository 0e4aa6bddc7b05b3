/**
 * Finds jobs that were cut off: of which nothing more is heard, so that nobody says how they ended.
 *
 * @module
 */
import { type Database, readSilent, takeFailed } from '@sluice/repository'
import { type JobContext, notifyOfJobs } from '../write/tell-failed-job.ts'

export interface JobChange {
  readonly job: string
  readonly change: 'cutOff'
}

export interface CheckedJobs {
  /** Ids of the executions that were silent at this look. */
  readonly silent: ReadonlySet<string>
  readonly changes: readonly JobChange[]
}

/**
 * Whoever looks again and again gives what was `silent` at its last look, and only what still is so is told of: a server that was away for a
 * while, or whose database's clock was set, first lets its agents come back.
 */
export async function checkJobs(
  database: Database,
  configuration: JobContext,
  silentBefore?: ReadonlySet<string>,
): Promise<CheckedJobs> {
  return await database.transaction(async (session) => {
    const silent = await readSilent(session)
    const failed = await takeFailed(
      session,
      silentBefore === undefined ? silent : silent.filter((id) => silentBefore.has(id)),
    )
    const tell = notifyOfJobs(configuration)
    for (const execution of failed) await tell(session, execution)
    return { silent: new Set(silent), changes: failed.map(({ job }) => ({ job, change: 'cutOff' as const })) }
  })
}
