/**
 * How far the repository is with its sources: the end of its chain of deliveries, what is held, what is stored.
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
  readSuspensions,
  run,
  type Session,
  type Statement,
  sql,
  statement,
  unionAll,
} from '@sluice/repository'
import { UnknownDeliverySourceError } from './delivery-errors.ts'
import { stateIn } from './queued-delivery.ts'

/** What is here whole and not over: what comes next may build on it, also where somebody has to decide about it first. */
const acknowledged = deliveryLife.open.filter(isAcknowledged)

/** Throws `UnknownDeliverySourceError`. */
export async function readChain(
  session: Session,
  configuration: Configuration,
  source: string,
): Promise<SourceChain> {
  const chain = (await readChains(session, configuration, [source])).get(source)
  if (chain === undefined) throw new UnknownDeliverySourceError(source)
  return chain
}

/** Of many sources by their names, in as many statements as of one. Throws `UnknownDeliverySourceError`. */
export async function readChains(
  session: Session,
  configuration: Configuration,
  sources: readonly string[],
): Promise<ReadonlyMap<string, SourceChain>> {
  const { rows } = await run(session, endsOfChains(sources))
  const ends = new Map(rows.map((row) => [row.source, row]))
  const unknown = sources.find((source) => !ends.has(source))
  if (unknown !== undefined) throw new UnknownDeliverySourceError(unknown)
  const suspensions = await readSuspensions(session, sources.length === 1 ? sources[0] : undefined)
  // What waits will be stored before an initial that is announced now.
  const nothingWaits = rows.filter(({ waiting }) => waiting === null).map(({ source }) => source)
  const holding = await holdingResources(session, configuration, nothingWaits)
  return new Map(
    rows.map(({ source, applied, waiting, held, aside }) => [
      source,
      {
        appliedDelivery: applied,
        lastDelivery: waiting ?? applied,
        heldRun: held === null ? null : Number(held),
        asideDelivery: aside,
        suspension: suspensions.get(source) ?? null,
        holdsResources: waiting !== null || holding.has(source),
      },
    ]),
  )
}

interface EndOfChain {
  readonly source: string
  readonly applied: string | null
  readonly waiting: string | null
  readonly held: string | null
  readonly aside: string | null
}

/** The last delivery that was applied, the last one that waits, the last run that is held, what was put aside. */
function endsOfChains(sources: readonly string[]): Statement<EndOfChain> {
  const held = runLife.statesThatTake('approved').map((state) => sql.literal(state))
  return statement(
    'queue/ends-of-chains',
    sql`select source.name as source, source.applied_delivery as applied,
      (select d.delivery_id from sluice_delivery d
       where d.source_id = source.source_id and ${stateIn(sql`d`, acknowledged)}
       order by d.position desc limit 1) as waiting,
      (select run.run_id from sluice_run run
       where run.source_id = source.source_id and run.state in (${commas(held)})
       order by run.run_id desc limit 1) as held,
      (select d.delivery_id from sluice_delivery d
       where d.source_id = source.source_id and ${stateIn(sql`d`, deliveryLife.statesThatTake('released'))}
       order by d.position limit 1) as aside
    from sluice_source source where source.name = any(${sql.value(sources)}::text[])`,
  )
}

/** Says whether the source's entity types hold anything that an initial run would store again. */
export async function holdsResources(
  session: Session,
  configuration: Configuration,
  name: string,
): Promise<boolean> {
  return (await holdingResources(session, configuration, [name])).has(name)
}

/** Those of the sources whose entity types hold such. */
async function holdingResources(
  session: Session,
  { sources }: Configuration,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const holders = names.flatMap((name) => {
    const source = sources.get(name)
    if (source === undefined) throw new UnknownDeliverySourceError(name)
    return switchedOn(source).entities.map(({ entityType }) => {
      const alone = ownsAlone(ownershipOf(sources, entityType), source)
      const holder = alone ? resourcesOf(entityType) : replicasOf(name, entityType)
      return sql`select ${sql.literal(name)} as source where exists (select from ${holder})`
    })
  })
  if (holders.length === 0) return new Set()
  const holding = statement<{ source: string }>('queue/holding-resources', unionAll(holders))
  const { rows } = await run(session, holding)
  return new Set(rows.map(({ source }) => source))
}
