/**
 * Shared types of a delivery: what it says goes into the table of what its source asserts, and from there the way of every shared type.
 *
 * @module
 */
import type { EntityReport } from '@sluice/model'
import type { Table } from '@sluice/repository'
import type { ChangeSet } from '../changes/change-set.ts'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { SourcePart } from '../context/run-context.ts'
import { netCommands } from '../reconcile/net-commands.ts'
import { type BroughtIn, bringInCommands, bringInWhole } from '../replicas/bring-in.ts'
import { sharedPart } from '../replicas/shared-part.ts'
import { noRows, type StagedEntity } from '../rows/entity-rows.ts'
import { computeSharedType, type SharedType, sharedReport } from './shared-types.ts'
import { accounted } from './source-report.ts'
import type { Stopwatch } from './stopwatch.ts'

/** What the source says of a shared type goes into the table of what it asserts; its replicas are worked on from there. */
export async function bringIn(
  part: SourcePart,
  entity: StagedEntity,
  unreadable: Table | undefined,
  clock: Stopwatch,
): Promise<BroughtIn> {
  const { name, entityType } = entity.shape.mapping
  const shared = sharedPart(part, entityType)
  // What it has brought before stays where it is; all of it has disappeared.
  if (part.leaving !== undefined)
    return { entity, found: noRows, inserted: 0, updated: 0, arrivals: undefined }
  return await clock.time(
    'reconcile',
    async () => {
      if (!entity.rows.commands) return await bringInWhole(shared, entity, unreadable)
      const { candidates, found, disappeared } = await netCommands(part, entity)
      const news = { candidates: candidates.table, found, gone: disappeared?.table }
      return await bringInCommands(shared, entity, news)
    },
    name,
  )
}

export type SharedOfDelivery = SharedType & { readonly brought: BroughtIn }

export async function shareTypes(
  part: SourcePart,
  laidOut: EntityChanges,
  brought: readonly BroughtIn[],
  clock: Stopwatch,
): Promise<{ readonly changes: EntityChanges; readonly shared: readonly SharedOfDelivery[] }> {
  let changes = laidOut
  const shared: SharedOfDelivery[] = []
  for (const one of brought) {
    const of = sharedPart(part, one.entity.shape.mapping.entityType)
    const { changes: done, ...type } = await computeSharedType(
      of,
      { changes, arrivals: one.arrivals, known: one.known },
      clock,
    )
    changes = done
    shared.push({ ...type, brought: one })
  }
  return { changes, shared }
}

/** Beside what became of the replicas, every row that was read stands in one place. */
export async function deliveredReport(
  type: SharedOfDelivery,
  finished: Pick<ChangeSet, 'entities'>,
): Promise<EntityReport> {
  const { entity, found, inserted, updated } = type.brought
  const rows = accounted(entity.rows.counts, found, { inserted, updated })
  const { withheld, stillRejected } = found
  return { ...(await sharedReport(type, finished)), rows, withheld, stillRejected }
}
