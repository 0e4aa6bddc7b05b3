/**
 * How far the repository is with a source: the end of its chain of deliveries, what is held, what is stored.
 *
 * @module
 */
import { replicasOf, resourcesOf } from '@sluice/engine'
import {
  type Configuration,
  deliveryLife,
  isAcknowledged,
  ownershipOf,
  ownsAlone,
  runLife,
} from '@sluice/model'
import type { SourceChain } from '@sluice/protocol'
import { exists, type Session, sql, statement } from '@sluice/repository'
import { UnknownDeliverySourceError } from './delivery-errors.ts'
import { stateIn } from './queue.ts'

/** What is here whole and not over: what comes next may build on it, also where somebody has to decide about it first. */
const acknowledged = deliveryLife.open.filter(isAcknowledged)

export async function readChain(
  session: Session,
  configuration: Configuration,
  source: string,
): Promise<SourceChain> {
  const { rows } = await session.query<{
    applied: string | null
    waiting: string | null
    held: string | null
  }>(
    `select s.applied_delivery as applied,
       (select d.delivery_id from sluice_delivery d
        where d.source_id = s.source_id and ${stateIn('d', acknowledged)}
        order by d.position desc limit 1) as waiting,
       (select r.run_id from sluice_run r
        where r.source_id = s.source_id and r.state = any($2) order by r.run_id desc limit 1) as held
     from sluice_source s where s.name = $1`,
    [source, runLife.statesThatTake('approved')],
  )
  const [row] = rows
  if (row === undefined) throw new UnknownDeliverySourceError(source)
  return {
    appliedDelivery: row.applied,
    lastDelivery: row.waiting ?? row.applied,
    heldRun: row.held === null ? null : Number(row.held),
    // What waits will be stored before an initial that is announced now.
    holdsResources: row.waiting !== null || (await holdsResources(session, configuration, source)),
  }
}

/** Says whether the source's entity types hold anything that an initial run would store again. */
export async function holdsResources(
  session: Session,
  configuration: Configuration,
  name: string,
): Promise<boolean> {
  const source = configuration.sources.get(name)
  if (source === undefined) throw new UnknownDeliverySourceError(name)
  for (const { entityType } of source.entities) {
    const alone = ownsAlone(ownershipOf(configuration.sources, entityType), source)
    const holder = alone ? resourcesOf(entityType) : replicasOf(name, entityType)
    if (await exists(session, statement('inbox/holds-resources', sql`select from ${holder}`))) return true
  }
  return false
}
