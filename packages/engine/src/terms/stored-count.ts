/**
 * How much is stored of each mapping, without counting it where that would cost more than the run.
 *
 * @module
 */
import { countOf, type Work } from './work.ts'

/** A complete counts `rows`; an incremental takes what the last run left, and counts only the first time. */
export async function storedCount(work: Work, mapping: string, rows: string): Promise<number> {
  if (work.mode === 'incremental') {
    const { rows: remembered } = await work.session.query<{ stored: string }>(
      'select stored from sluice_stored where source_id = $1 and mapping = $2',
      [work.sourceId, mapping],
    )
    if (remembered[0] !== undefined) return Number(remembered[0].stored)
  }
  return await countOf(work.session, rows)
}
