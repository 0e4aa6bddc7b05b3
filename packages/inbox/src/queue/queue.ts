/**
 * The queue of deliveries: rows of `sluice_delivery`, per source in order of announcement. What is found in it.
 *
 * @module
 */
import { deliveryLife, undecidedDeliveryStates } from '@sluice/model'
import { commas, isSuspended, run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { deliveries, type QueuedDelivery, selection, stateIn } from './queued-delivery.ts'

/** What a run can work on. */
const runnable = deliveryLife.statesThatTake('passed')
/** What somebody has to decide about. */
const held = deliveryLife.statesThatTake('approved')
const aside = deliveryLife.statesThatTake('released')

export async function findDelivery(session: Session, id: string): Promise<QueuedDelivery | undefined> {
  const [found] = await deliveries(session, deliveryWithId(id))
  return found
}

function deliveryWithId(id: string): Statement {
  return statement('queue/find-delivery', sql`${selection} where d.delivery_id = ${sql.value(id)}`)
}

/** The first delivery of the source that is not finished, whatever it waits for. */
export async function nextDelivery(session: Session, source: string): Promise<QueuedDelivery | undefined> {
  const [next] = await deliveries(session, firstOpen(source))
  return next
}

function firstOpen(source: string): Statement {
  return statement(
    'queue/next-delivery',
    sql`${selection} where source.name = ${sql.value(source)} and ${stateIn(sql`d`, deliveryLife.open)}
    order by d.position limit 1`,
  )
}

/** A delivery that was announced and is not there yet. */
export interface ArrivingDelivery {
  readonly id: string
  /** When something of it was heard last, as the database writes it: the same text is the same time. */
  readonly heardAt: string
  /** Milliseconds since then, by the clock of the database, which somebody may have set. */
  readonly age: number
}

/** Deliveries that were announced and are not there yet. */
export async function arrivingDeliveries(session: Session): Promise<readonly ArrivingDelivery[]> {
  return (await run(session, arriving)).rows
}

const arriving = statement<ArrivingDelivery>(
  'queue/arriving',
  sql`select d.delivery_id as id, d.touched_at::text as "heardAt",
      (extract(epoch from clock_timestamp() - d.touched_at) * 1000)::float8 as age
    from sluice_delivery d where ${stateIn(sql`d`, deliveryLife.statesThatTake('expired'))}`,
)

/** Of those the ones of which nothing was heard since; others are at work on the rest. */
export async function stillForgotten(
  session: Session,
  forgotten: readonly Pick<ArrivingDelivery, 'id' | 'heardAt'>[],
): Promise<readonly QueuedDelivery[]> {
  return await deliveries(session, notHeardOfSince(forgotten))
}

function notHeardOfSince(forgotten: readonly Pick<ArrivingDelivery, 'id' | 'heardAt'>[]): Statement {
  const ids = forgotten.map(({ id }) => id)
  const times = forgotten.map(({ heardAt }) => heardAt)
  return statement(
    'queue/find-forgotten',
    sql`${selection} join unnest(${sql.value(ids)}::uuid[], ${sql.value(times)}::timestamptz[]) f (id, heard_at)
      on f.id = d.delivery_id and f.heard_at = d.touched_at
    where ${stateIn(sql`d`, deliveryLife.statesThatTake('expired'))}
    order by d.position for update of d skip locked`,
  )
}

/**
 * What a newly announced complete overtakes: waiting incrementals, and everything that is held or put aside. A delivery that
 * a run works on is let finish; when a threshold then holds it, the queue cancels it.
 */
export async function overtakenBy(session: Session, id: string): Promise<readonly QueuedDelivery[]> {
  return await deliveries(session, overtaken(id))
}

function overtaken(id: string): Statement {
  return statement(
    'queue/find-overtaken',
    sql`${selection} join sluice_delivery later
      on later.delivery_id = ${sql.value(id)} and later.source_id = d.source_id and d.position < later.position
    where ${stateIn(sql`d`, deliveryLife.statesThatTake('overtaken'))}
      and (d.mode = 'incremental' or (d.mode = 'complete' and ${stateIn(sql`d`, held)}) or ${stateIn(sql`d`, aside)})
    order by d.position for update of d skip locked`,
  )
}

/** The complete that replaces a delivery of the same source, when one was announced after it. */
export async function completeBehind(
  session: Session,
  delivery: QueuedDelivery,
): Promise<string | undefined> {
  const { rows } = await run(session, laterComplete(delivery.id))
  return rows[0]?.id
}

function laterComplete(id: string): Statement<{ id: string }> {
  return statement(
    'queue/find-later-complete',
    sql`select later.delivery_id as id from sluice_delivery d join sluice_delivery later using (source_id)
    where d.delivery_id = ${sql.value(id)} and later.position > d.position and later.mode = 'complete'
      and ${stateIn(sql`later`, undecidedDeliveryStates)}
    order by later.position limit 1`,
  )
}

/** Deliveries that were announced or delivered and never worked on. */
export async function waitingDeliveries(
  session: Session,
  source: string,
): Promise<readonly QueuedDelivery[]> {
  return await deliveries(session, undecided(source))
}

function undecided(source: string): Statement {
  return statement(
    'queue/find-waiting',
    sql`${selection} where source.name = ${sql.value(source)} and ${stateIn(sql`d`, undecidedDeliveryStates)}
    order by d.position`,
  )
}

/** Every delivery that a run can work on, of all sources. */
export async function runnableDeliveries(session: Session): Promise<readonly QueuedDelivery[]> {
  return await deliveries(session, allRunnable)
}

const allRunnable = statement(
  'queue/find-runnable',
  sql`${selection} where ${stateIn(sql`d`, runnable)} order by d.position`,
)

/** A delivery, and what builds on it directly or through others and is not over. */
export async function standingOn(
  session: Session,
  id: string,
): Promise<{ readonly base: QueuedDelivery | undefined; readonly standing: readonly QueuedDelivery[] }> {
  const standing = await deliveries(session, openOnTopOf(id))
  return { base: await findDelivery(session, id), standing }
}

function openOnTopOf(id: string): Statement {
  const bottom = sql.value(id)
  return statement(
    'queue/find-standing-on',
    sql`with recursive standing (delivery_id) as (
      select ${bottom}::uuid
      union
      select later.delivery_id from standing below join sluice_delivery later on later.base = below.delivery_id
      join sluice_delivery first on first.delivery_id = ${bottom}::uuid and first.source_id = later.source_id
      where ${stateIn(sql`later`, deliveryLife.open)})
    ${selection} join standing using (delivery_id) where d.delivery_id <> ${bottom}::uuid order by d.position`,
  )
}

/** A source whose queue can go on. */
export interface WaitingSource {
  readonly source: string
  /** Of the deliveries that a run can work on, the one that came to be so last. */
  readonly newest: string
}

/** The one that waits longest first. That of a suspended one waits. */
export async function sourcesWithWork(session: Session): Promise<readonly WaitingSource[]> {
  return (await run(session, workableSources)).rows
}

const workableSources = statement<WaitingSource>(
  'queue/find-sources-with-work',
  sql`select source.name as source, (
      select d.delivery_id from sluice_delivery d
      where d.source_id = source.source_id and ${stateIn(sql`d`, runnable)} order by d.sealed_at desc limit 1) as newest
    from sluice_source source
    cross join lateral (
      select d.position, d.state from sluice_delivery d
      where d.source_id = source.source_id and ${stateIn(sql`d`, deliveryLife.open)} order by d.position limit 1) head
    where not ${isSuspended(sql`source.source_id`)} and (${stateIn(sql`head`, runnable)} or (${stateIn(sql`head`, [...held, ...aside])} and exists (
      select from sluice_delivery later where later.source_id = source.source_id and later.position > head.position
        and later.mode = 'complete' and ${stateIn(sql`later`, runnable)})))
    order by head.position`,
)

/** How many deliveries of a source wait, and how long the oldest sealed one has been. */
export interface QueueLength {
  readonly source: string
  readonly announced: number
  readonly ready: number
  readonly held: number
  /** Milliseconds since the oldest ready one was sealed. */
  readonly oldestReady: number | null
}

/** One entry per source, those without deliveries too. */
export async function queueLengths(session: Session): Promise<readonly QueueLength[]> {
  const { rows } = await run(session, lengthsBySource)
  return rows.map(({ oldest, ...counts }) => ({
    ...counts,
    oldestReady: oldest === null ? null : Math.max(0, Math.round(oldest)),
  }))
}

const countsOfOpen = deliveryLife.open.map(
  (state) => sql`count(*) filter (where ${stateIn(sql`d`, [state])})::integer as ${sql.identifier(state)}`,
)

const lengthsBySource = statement<Omit<QueueLength, 'oldestReady'> & { readonly oldest: number | null }>(
  'queue/count',
  sql`select source.name as source, ${commas(countsOfOpen)},
      (extract(epoch from clock_timestamp() - min(d.sealed_at) filter (where ${stateIn(sql`d`, runnable)})) * 1000)::float8 as oldest
    from sluice_source source
    left join sluice_delivery d on d.source_id = source.source_id and ${stateIn(sql`d`, deliveryLife.open)}
    group by source.name order by source.name`,
)
