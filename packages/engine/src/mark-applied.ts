/**
 * Notes which delivery the repository stands for: what the next incremental of the source has to build on.
 *
 * A complete keeps what it could not read as it is stored. Where the agent has lost what it delivered before, or that
 * was never applied, it cannot know of those rows, and would not say when they are gone. So no incremental may build
 * on such a complete, and the agent finds that the repository does not hold what it delivered last.
 *
 * @module
 */
import type { Manifest } from '@sluice/protocol'
import type { Session } from '@sluice/repository'
import type { RowFacts } from './report.ts'
import type { Work } from './terms/work.ts'

/** The delivery that the repository stands for; `undefined` where no incremental may build on what it holds. */
export async function appliedDelivery(session: Session, sourceId: number): Promise<string | undefined> {
  const { rows } = await session.query<{ applied: string | null }>(
    'select applied_delivery as applied from sluice_source where source_id = $1',
    [sourceId],
  )
  return rows[0]?.applied ?? undefined
}

/** Why no incremental may build on a run, in a note for its report. */
export async function chainEnds(
  { session, sourceId, mode }: Pick<Work, 'session' | 'sourceId' | 'mode'>,
  { keptFrom }: Pick<Manifest, 'keptFrom'>,
  mappings: readonly Pick<RowFacts, 'withheld'>[],
): Promise<string | undefined> {
  const withheld = mappings.reduce((sum, mapping) => sum + mapping.withheld, 0)
  if (mode === 'incremental' || withheld === 0) return undefined
  if (keptFrom !== undefined && keptFrom === (await appliedDelivery(session, sourceId))) return undefined
  const [what, them] =
    withheld === 1
      ? ['A row that could not be read stays as it is stored', 'it']
      : [`${withheld} rows that could not be read stay as they are stored`, 'them']
  return `${what}, and the agent does not know of ${them}: the next run has to be a complete, too.`
}

/** In the transaction that applies the delivery; `undefined` ends the chain. */
export async function markApplied(
  session: Session,
  sourceId: number,
  delivery: string | undefined,
): Promise<void> {
  await session.query('update sluice_source set applied_delivery = $2 where source_id = $1', [
    sourceId,
    delivery ?? null,
  ])
}
