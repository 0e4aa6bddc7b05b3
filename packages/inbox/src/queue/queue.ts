/**
 * The queue of deliveries: rows of `sluice_delivery`, per source in order of announcement.
 *
 * Being rows, they change in the same transaction as the repository, so a delivery is applied exactly
 * when its state says so.
 *
 * @module
 */
import type { RunOrigin } from '@sluice/engine'
import {
  type DeliveryEvent,
  type DeliveryState,
  deliveryLife,
  deliveryStates,
  type RunBy,
  runByKinds,
  undecidedDeliveryStates,
} from '@sluice/model'
import {
  announcementSchema,
  type DeclaredFile,
  type DeliveryStatus,
  type Manifest,
  manifestSchema,
} from '@sluice/protocol'
import { commas, run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'

export interface QueuedDelivery extends DeliveryStatus {
  /** Who announced it. */
  readonly by: RunBy
  readonly position: string
  readonly manifest: Manifest | null
  /** Incremental: the delivery it builds on. */
  readonly base: string | null
  /** The files as they were announced. */
  readonly declared: readonly DeclaredFile[] | null
  readonly announcedAt: string
  /** Milliseconds that checking its files took. */
  readonly receiveMilliseconds: number
}

const declaredSchema = announcementSchema.shape.files.unwrap()

const rowSchema = z.object({
  delivery_id: z.string(),
  source: z.string(),
  mode: z.enum(['initial', 'complete', 'incremental']),
  state: z.enum(deliveryStates),
  reason: z.string().nullable(),
  run_id: z.coerce.number().nullable(),
  position: z.string(),
  manifest: manifestSchema.nullable(),
  base: z.string().nullable(),
  declared: declaredSchema.nullable(),
  announced_at: z.string(),
  by_kind: z.enum(runByKinds),
  by_name: z.string(),
  receive_milliseconds: z.number().nullable(),
})

/** What `decode` reads of deliveries `d`; joins, conditions and the order stand behind it. */
const selection = sql`select d.delivery_id, source.name as source, d.mode, d.state, d.reason, d.position, d.manifest,
      d.base, d.declared, d.announced_at, d.receive_milliseconds, d.by_kind, d.by_name,
      (select max(run.run_id) from sluice_run run where run.delivery_id = d.delivery_id) as run_id
    from sluice_delivery d join sluice_source source using (source_id)`

function decode(row: unknown): QueuedDelivery {
  const parsed = rowSchema.parse(row)
  return {
    id: parsed.delivery_id,
    source: parsed.source,
    mode: parsed.mode,
    state: parsed.state,
    reason: parsed.reason,
    run: parsed.run_id,
    position: parsed.position,
    manifest: parsed.manifest,
    base: parsed.base,
    declared: parsed.declared,
    announcedAt: parsed.announced_at,
    by: { kind: parsed.by_kind, name: parsed.by_name },
    receiveMilliseconds: parsed.receive_milliseconds ?? 0,
  }
}

/**
 * SQL condition: the delivery is in one of these states. They are written out, not bound, because the planner takes the
 * index of what is open only where it sees that nothing else is asked for.
 */
export function stateIn(delivery: SQL, states: readonly DeliveryState[]): SQL {
  return sql`${delivery}.state in (${commas(states.map(sql.literal))})`
}

/** What a run can work on. */
const runnable = deliveryLife.statesThatTake('passed')
/** What somebody has to decide about. */
const held = deliveryLife.statesThatTake('approved')

export async function findDelivery(session: Session, id: string): Promise<QueuedDelivery | undefined> {
  const [found] = await deliveries(session, deliveryWithId(id))
  return found
}

function deliveryWithId(id: string): Statement {
  return statement('queue/find-delivery', sql`${selection} where d.delivery_id = ${sql.value(id)}`)
}

/** Runs a statement that begins with the selection. */
async function deliveries(session: Session, of: Statement): Promise<readonly QueuedDelivery[]> {
  const { rows } = await run(session, of)
  return rows.map(decode)
}

/** Runs a statement about one delivery; `false` where its condition left that out. */
async function changesOne(session: Session, of: Statement): Promise<boolean> {
  const { count } = await run(session, of)
  return count === 1
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

export interface NewDelivery {
  readonly id: string
  readonly source: string
  readonly mode: string
  readonly base: string | undefined
  readonly by: RunBy
}

/** `false` where a delivery has the id already. */
export async function insertDelivery(session: Session, delivery: NewDelivery): Promise<boolean> {
  return await changesOne(session, insertion(delivery))
}

function insertion({ id, source, mode, base, by }: NewDelivery): Statement {
  return statement(
    'queue/insert',
    sql`insert into sluice_delivery (delivery_id, source_id, mode, base, state, by_kind, by_name)
    select ${sql.value(id)}::uuid, source_id, ${sql.value(mode)}, ${sql.value(base ?? null)}::uuid,
      ${sql.literal(deliveryLife.start)}, ${sql.literal(by.kind)}, ${sql.value(by.name)}
    from sluice_source where name = ${sql.value(source)}
    on conflict (delivery_id) do nothing`,
  )
}

/** Does to a delivery what the event does to its state; `false`, and nothing is changed, where that ignores it. */
export async function moveDelivery(
  session: Session,
  id: string,
  event: DeliveryEvent,
  reason: string | null = null,
): Promise<boolean> {
  return await changesOne(session, move(id, event, reason))
}

function move(id: string, event: DeliveryEvent, reason: string | null): Statement {
  const to = deliveryLife.destinationOf(event)
  // No text of PostgreSQL holds a NUL, and a message may quote a file that is none.
  const printable = reason?.replaceAll('\0', '\ufffd') ?? null
  const finished = deliveryLife.isOpen(to) ? sql.null : sql`now()`
  return statement(
    `queue/${event}`,
    sql`update sluice_delivery d
    set state = ${sql.literal(to)}, reason = ${sql.value(printable)}, finished_at = ${finished}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake(event))}`,
  )
}

/** `spent`: milliseconds that checking the files took. */
export async function sealDelivery(
  session: Session,
  id: string,
  manifest: Manifest,
  spent: number,
): Promise<boolean> {
  return await changesOne(session, seal(id, manifest, spent))
}

function seal(id: string, manifest: Manifest, spent: number): Statement {
  return statement(
    'queue/sealed',
    sql`update sluice_delivery d
    set state = ${sql.literal(deliveryLife.destinationOf('sealed'))}, sealed_at = now(),
      manifest = ${sql.value(JSON.stringify(manifest))}::jsonb, receive_milliseconds = ${sql.value(Math.round(spent))}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake('sealed'))}`,
  )
}

/**
 * As `moveDelivery`, but one that a run works on at this moment stays: it is not waited for, and not taken
 * from under the run.
 */
export async function moveWaiting(
  session: Session,
  id: string,
  event: DeliveryEvent,
  reason: string,
): Promise<boolean> {
  return (
    (await changesOne(session, lockIfFree(id, event))) && (await moveDelivery(session, id, event, reason))
  )
}

function lockIfFree(id: string, event: DeliveryEvent): Statement {
  return statement(
    'queue/lock-if-free',
    sql`select from sluice_delivery d
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake(event))}
    for update skip locked`,
  )
}

/** Remembers that the agent was heard of; `false` for a delivery that takes no more files. */
export async function touchDelivery(
  session: Session,
  id: string,
  declared?: readonly DeclaredFile[],
): Promise<boolean> {
  return await changesOne(session, touch(id, declared))
}

function touch(id: string, declared: readonly DeclaredFile[] | undefined): Statement {
  const files =
    declared === undefined ? sql.blank : sql`, declared = ${sql.value(JSON.stringify(declared))}::jsonb`
  return statement(
    'queue/touch',
    sql`update sluice_delivery d set touched_at = now()${files}
    where d.delivery_id = ${sql.value(id)} and ${stateIn(sql`d`, deliveryLife.statesThatTake('sealed'))}`,
  )
}

/** Announced deliveries of which nothing was heard for so long. */
export async function forgottenDeliveries(
  session: Session,
  milliseconds: number,
): Promise<readonly QueuedDelivery[]> {
  return await deliveries(session, notHeardOfFor(milliseconds))
}

function notHeardOfFor(milliseconds: number): Statement {
  return statement(
    'queue/find-forgotten',
    sql`${selection} where ${stateIn(sql`d`, deliveryLife.statesThatTake('expired'))}
      and d.touched_at < now() - ${sql.value(milliseconds)}::double precision * interval '1 millisecond'
    order by d.position for update of d skip locked`,
  )
}

/**
 * What a newly announced complete overtakes: waiting incrementals, and everything that is held. A delivery that
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
      and (d.mode = 'incremental' or (d.mode = 'complete' and ${stateIn(sql`d`, held)}))
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

/** Sources whose queue can go on, the one that waits longest first. */
export async function sourcesWithWork(session: Session): Promise<readonly string[]> {
  const { rows } = await run(session, workableSources)
  return rows.map(({ name }) => name)
}

const workableSources = statement<{ name: string }>(
  'queue/find-sources-with-work',
  sql`select source.name from sluice_source source
    cross join lateral (
      select d.position, d.state from sluice_delivery d
      where d.source_id = source.source_id and ${stateIn(sql`d`, deliveryLife.open)} order by d.position limit 1) head
    where ${stateIn(sql`head`, runnable)} or (${stateIn(sql`head`, held)} and exists (
      select from sluice_delivery later where later.source_id = source.source_id and later.position > head.position
        and later.mode = 'complete' and ${stateIn(sql`later`, runnable)}))
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

/** Keeps a delivery as it is to the end of the transaction. */
export async function lockDelivery(session: Session, id: string): Promise<void> {
  await run(session, lock(id))
}

function lock(id: string): Statement {
  return statement(
    'queue/lock',
    sql`select from sluice_delivery where delivery_id = ${sql.value(id)} for update`,
  )
}

/** What a run of the delivery comes from. */
export function originOf({ id, source, mode, by }: QueuedDelivery): RunOrigin {
  return { cause: 'delivery', by, delivery: id, source, mode }
}
