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
  switchedOn,
} from '@sluice/model'
import type { SourceChain } from '@sluice/protocol'
import {
  commas,
  exists,
  readSuspensions,
  run,
  type Session,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import { UnknownDeliverySourceError } from './delivery-errors.ts'
import { stateIn } from './queued-delivery.ts'

/** What is here whole and not over: what comes next may build on it, also where somebody has to decide about it first. */
const acknowledged = deliveryLife.open.filter(isAcknowledged)

export async function readChain(
  session: Session,
  configuration: Configuration,
  source: string,
): Promise<SourceChain> {
  const { rows } = await run(session, endOfChain(source))
  const [row] = rows
  if (row === undefined) throw new UnknownDeliverySourceError(source)
  return {
    appliedDelivery: row.applied,
    lastDelivery: row.waiting ?? row.applied,
    heldRun: row.held === null ? null : Number(row.held),
    asideDelivery: row.aside,
    suspension: (await readSuspensions(session, source)).get(source) ?? null,
    // What waits will be stored before an initial that is announced now.
    holdsResources: row.waiting !== null || (await holdsResources(session, configuration, source)),
  }
}

interface EndOfChain {
  readonly applied: string | null
  readonly waiting: string | null
  readonly held: string | null
  readonly aside: string | null
}

/** The last delivery that was applied, the last one that waits, the last run that is held, what was put aside. */
function endOfChain(source: string): Statement<EndOfChain> {
  const held = runLife.statesThatTake('approved').map((state) => sql.literal(state))
  return statement(
    'queue/end-of-chain',
    sql`select source.applied_delivery as applied,
      (select d.delivery_id from sluice_delivery d
       where d.source_id = source.source_id and ${stateIn(sql`d`, acknowledged)}
       order by d.position desc limit 1) as waiting,
      (select run.run_id from sluice_run run
       where run.source_id = source.source_id and run.state in (${commas(held)})
       order by run.run_id desc limit 1) as held,
      (select d.delivery_id from sluice_delivery d
       where d.source_id = source.source_id and ${stateIn(sql`d`, deliveryLife.statesThatTake('released'))}
       order by d.position limit 1) as aside
    from sluice_source source where source.name = ${sql.value(source)}`,
  )
}

/** Says whether the source's entity types hold anything that an initial run would store again. */
export async function holdsResources(
  session: Session,
  configuration: Configuration,
  name: string,
): Promise<boolean> {
  const source = configuration.sources.get(name)
  if (source === undefined) throw new UnknownDeliverySourceError(name)
  for (const { entityType } of switchedOn(source).entities) {
    const alone = ownsAlone(ownershipOf(configuration.sources, entityType), source)
    const holder = alone ? resourcesOf(entityType) : replicasOf(name, entityType)
    const held = statement(`queue/holds-resources ${entityType}`, sql`select from ${holder}`)
    if (await exists(session, held)) return true
  }
  return false
}
