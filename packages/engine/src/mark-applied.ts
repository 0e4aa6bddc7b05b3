/**
 * Notes which delivery the repository stands for: what the next incremental of the source has to build on.
 *
 * A complete keeps what it could not read as it is stored. Where the agent has lost what it delivered before, or that
 * was never applied, it cannot know of those rows, and would not say when they are gone. So no incremental may build
 * on such a complete, and the agent finds that the repository does not hold what it delivered last.
 *
 * @module
 */
import type { AssociationReport, DeliveryMode, EntityReport } from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import type { Session } from '@sluice/repository'

export interface Applying {
  readonly sourceId: number
  readonly mode: DeliveryMode
  readonly manifest: Pick<Manifest, 'keptFrom'>
  readonly entities: readonly Pick<EntityReport, 'withheld'>[]
  readonly associations: readonly Pick<AssociationReport, 'withheld'>[]
}

/** To be called before the delivery is marked as applied: why no incremental may build on it. */
export async function chainEnds(session: Session, applying: Applying): Promise<string | undefined> {
  const { sourceId, mode, manifest, entities, associations } = applying
  const withheld = [...entities, ...associations].reduce((sum, part) => sum + part.withheld, 0)
  if (mode === 'incremental' || withheld === 0) return undefined
  const { rows } = await session.query<{ applied: string | null }>(
    'select applied_delivery as applied from sluice_source where source_id = $1',
    [sourceId],
  )
  const applied = rows[0]?.applied ?? undefined
  if (applied !== undefined && applied === manifest.keptFrom) return undefined
  const [what, them] =
    withheld === 1
      ? ['A row that could not be read stays as it is stored', 'it']
      : [`${withheld} rows that could not be read stay as they are stored`, 'them']
  return `${what}, and the agent does not know of ${them}: the next run has to be a complete, too.`
}

/** In the transaction that applies it. */
export async function markApplied(session: Session, deliveryId: string, applying: Applying): Promise<void> {
  const ends = await chainEnds(session, applying)
  await session.query('update sluice_source set applied_delivery = $2 where source_id = $1', [
    applying.sourceId,
    ends === undefined ? deliveryId : null,
  ])
}
