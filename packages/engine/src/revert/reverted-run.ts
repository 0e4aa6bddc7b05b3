/**
 * The run that is taken back, as it is recorded.
 *
 * @module
 */
import { type RecordedRunState, runLife, runReportSchema } from '@sluice/model'
import { one, prunedThrough, type Session, sql, statement } from '@sluice/repository'
import { HistoryPrunedError, MergeAgainError, NothingToRevertError } from './revert-errors.ts'
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
  const recorded = statement<{ pruned: boolean; state: RecordedRunState | null; report: unknown }>(
    'revert/read-run',
    sql`select ${sql.value(runId)}::bigint <= ${prunedThrough('history')} as pruned, r.state, r.report
    from (select) one left join sluice_run r on r.run_id = ${sql.value(runId)}::bigint`,
  )
  const { pruned, state, report } = await one(session, recorded)
  const applied = state === runLife.destinationOf('passed')
  if (pruned && (applied || state === null)) throw new HistoryPrunedError(runId)
  if (!applied) throw new NothingToRevertError(runId, state ?? undefined)
  if (await hasUnmerged(session, runId)) throw new MergeAgainError(runId)
  const { source, entities } = runReportSchema.parse(report)
  const inserted = entities.reduce((sum, { changes }) => sum + changes.inserted, 0)
  const updated = entities.filter(({ changes }) => changes.updated > 0).map(({ mapping }) => mapping)
  return { runId, source, inserted, updated: [...new Set(updated)] }
}
