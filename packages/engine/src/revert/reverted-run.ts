/**
 * The run that is taken back, as it is recorded.
 *
 * @module
 */
import { type RecordedRunState, runLife, runReportSchema } from '@sluice/model'
import { run, type Session, sql, statement } from '@sluice/repository'
import { MergeAgainError, NothingToRevertError } from './revert-errors.ts'
import { hasUnmerged } from './undo-merges.ts'

export interface RevertedRun {
  readonly runId: number
  readonly source: string | null
  /** Resources that it inserted, as its report says. */
  readonly inserted: number
  /** Entity types of which it updated resources, as its report says. */
  readonly updated: readonly string[]
}

/** Throws where nothing of it was applied. */
export async function readRevertedRun(session: Session, runId: number): Promise<RevertedRun> {
  const recorded = statement<{ state: RecordedRunState; report: unknown }>(
    'revert/read-run',
    sql`select state, report from sluice_run where run_id = ${sql.value(runId)}::bigint`,
  )
  const [row] = (await run(session, recorded)).rows
  if (row === undefined || row.state !== runLife.destinationOf('passed'))
    throw new NothingToRevertError(runId, row?.state)
  if (await hasUnmerged(session, runId)) throw new MergeAgainError(runId)
  const { source, entities } = runReportSchema.parse(row.report)
  const inserted = entities.reduce((sum, { changes }) => sum + changes.inserted, 0)
  const updated = entities.filter(({ changes }) => changes.updated > 0).map(({ mapping }) => mapping)
  return { runId, source, inserted, updated: [...new Set(updated)] }
}
