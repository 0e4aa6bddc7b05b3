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
import { literal, type Session } from '@sluice/repository'
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

const selection = `select d.delivery_id, s.name as source, d.mode, d.state, d.reason, d.position, d.manifest, d.base, d.declared,
    d.announced_at, d.receive_milliseconds, d.by_kind, d.by_name,
    (select max(r.run_id) from sluice_run r where r.delivery_id = d.delivery_id) as run_id
  from sluice_delivery d join sluice_source s using (source_id)`

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
export function stateIn(delivery: string, states: readonly DeliveryState[]): string {
  return `${delivery}.state in (${states.map((state) => literal(state)).join(', ')})`
}

/** What a run can work on. */
const runnable = deliveryLife.statesThatTake('passed')
/** What somebody has to decide about. */
const held = deliveryLife.statesThatTake('approved')

export async function findDelivery(session: Session, id: string): Promise<QueuedDelivery | undefined> {
  const { rows } = await session.query(`${selection} where d.delivery_id = $1`, [id])
  return rows[0] === undefined ? undefined : decode(rows[0])
}

/** The first delivery of the source that is not finished, whatever it waits for. */
export async function nextDelivery(session: Session, source: string): Promise<QueuedDelivery | undefined> {
  const { rows } = await session.query(
    `${selection} where s.name = $1 and ${stateIn('d', deliveryLife.open)} order by d.position limit 1`,
    [source],
  )
  return rows[0] === undefined ? undefined : decode(rows[0])
}

export async function insertDelivery(
  session: Session,
  delivery: {
    readonly id: string
    readonly source: string
    readonly mode: string
    readonly base: string | undefined
    readonly by: RunBy
  },
): Promise<boolean> {
  const { count } = await session.query(
    `insert into sluice_delivery (delivery_id, source_id, mode, base, state, by_kind, by_name)
     select $1, source_id, $3, $4, $5, $6, $7 from sluice_source where name = $2
     on conflict (delivery_id) do nothing`,
    [
      delivery.id,
      delivery.source,
      delivery.mode,
      delivery.base ?? null,
      deliveryLife.start,
      delivery.by.kind,
      delivery.by.name,
    ],
  )
  return count === 1
}

/** Does to a delivery what the event does to its state; `false`, and nothing is changed, where that ignores it. */
export async function moveDelivery(
  session: Session,
  id: string,
  event: DeliveryEvent,
  reason: string | null = null,
): Promise<boolean> {
  const to = deliveryLife.destinationOf(event)
  const { count } = await session.query(
    `update sluice_delivery set state = $2, reason = $3, finished_at = case when $4 then now() end
     where delivery_id = $1 and state = any($5)`,
    [
      id,
      to,
      // No text of PostgreSQL holds a NUL, and a message may quote a file that is none.
      reason?.replaceAll('\0', '\ufffd') ?? null,
      !deliveryLife.isOpen(to),
      deliveryLife.statesThatTake(event),
    ],
  )
  return count === 1
}

/** `spent`: milliseconds that checking the files took. */
export async function sealDelivery(
  session: Session,
  id: string,
  manifest: Manifest,
  spent: number,
): Promise<boolean> {
  const { count } = await session.query(
    `update sluice_delivery set state = $4, sealed_at = now(), manifest = $2, receive_milliseconds = $3
     where delivery_id = $1 and state = any($5)`,
    [
      id,
      JSON.stringify(manifest),
      Math.round(spent),
      deliveryLife.destinationOf('sealed'),
      deliveryLife.statesThatTake('sealed'),
    ],
  )
  return count === 1
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
  const { rows } = await session.query(
    `select from sluice_delivery where delivery_id = $1 and state = any($2) for update skip locked`,
    [id, deliveryLife.statesThatTake(event)],
  )
  return rows.length === 1 && (await moveDelivery(session, id, event, reason))
}

/** Remembers that the agent was heard of; `false` for a delivery that takes no more files. */
export async function touchDelivery(
  session: Session,
  id: string,
  declared?: readonly DeclaredFile[],
): Promise<boolean> {
  const { count } = await session.query(
    `update sluice_delivery set touched_at = now(), declared = coalesce($2, declared)
     where delivery_id = $1 and state = any($3)`,
    [id, declared === undefined ? null : JSON.stringify(declared), deliveryLife.statesThatTake('sealed')],
  )
  return count === 1
}

/** Announced deliveries of which nothing was heard for so long. */
export async function forgottenDeliveries(
  session: Session,
  milliseconds: number,
): Promise<readonly QueuedDelivery[]> {
  const { rows } = await session.query(
    `${selection} where ${stateIn('d', deliveryLife.statesThatTake('expired'))}
       and d.touched_at < now() - $1 * interval '1 millisecond'
     order by d.position for update of d skip locked`,
    [milliseconds],
  )
  return rows.map(decode)
}

/**
 * What a newly announced complete overtakes: waiting incrementals, and everything that is held. A delivery that
 * a run works on is let finish; when a threshold then holds it, the queue cancels it.
 */
export async function overtakenBy(session: Session, id: string): Promise<readonly QueuedDelivery[]> {
  const overtaken = stateIn('d', deliveryLife.statesThatTake('overtaken'))
  const { rows } = await session.query(
    `${selection} join sluice_delivery n on n.delivery_id = $1 and n.source_id = d.source_id and d.position < n.position
     where ${overtaken} and (d.mode = 'incremental' or (d.mode = 'complete' and ${stateIn('d', held)}))
     order by d.position for update of d skip locked`,
    [id],
  )
  return rows.map(decode)
}

/** The complete that replaces a delivery of the same source, when one was announced after it. */
export async function completeBehind(
  session: Session,
  delivery: QueuedDelivery,
): Promise<string | undefined> {
  const { rows } = await session.query<{ id: string }>(
    `select n.delivery_id as id from sluice_delivery d join sluice_delivery n using (source_id)
     where d.delivery_id = $1 and n.position > d.position and n.mode = 'complete'
       and ${stateIn('n', undecidedDeliveryStates)}
     order by n.position limit 1`,
    [delivery.id],
  )
  return rows[0]?.id
}

/** Deliveries that were announced or delivered and never worked on. */
export async function waitingDeliveries(
  session: Session,
  source: string,
): Promise<readonly QueuedDelivery[]> {
  const { rows } = await session.query(
    `${selection} where s.name = $1 and ${stateIn('d', undecidedDeliveryStates)} order by d.position`,
    [source],
  )
  return rows.map(decode)
}

/** A delivery, and what builds on it directly or through others and is not over. */
export async function standingOn(
  session: Session,
  id: string,
): Promise<{ readonly base: QueuedDelivery | undefined; readonly standing: readonly QueuedDelivery[] }> {
  const { rows } = await session.query(
    `with recursive standing (delivery_id) as (
       select $1::uuid
       union
       select n.delivery_id from standing b join sluice_delivery n on n.base = b.delivery_id
       join sluice_delivery f on f.delivery_id = $1 and f.source_id = n.source_id
       where ${stateIn('n', deliveryLife.open)})
     ${selection} join standing using (delivery_id) where d.delivery_id <> $1 order by d.position`,
    [id],
  )
  return { base: await findDelivery(session, id), standing: rows.map(decode) }
}

/** Sources whose queue can go on, the one that waits longest first. */
export async function sourcesWithWork(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select s.name from sluice_source s
     cross join lateral (
       select d.position, d.state from sluice_delivery d
       where d.source_id = s.source_id and ${stateIn('d', deliveryLife.open)} order by d.position limit 1) head
     where ${stateIn('head', runnable)} or (${stateIn('head', held)} and exists (
       select from sluice_delivery n where n.source_id = s.source_id and n.position > head.position
         and n.mode = 'complete' and ${stateIn('n', runnable)}))
     order by head.position`,
  )
  return rows.map(({ name }) => name)
}

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
  const counts = deliveryLife.open.map(
    (state) => `count(*) filter (where ${stateIn('d', [state])})::integer as ${state}`,
  )
  const { rows } = await session.query<{
    source: string
    announced: number
    ready: number
    held: number
    oldest: number | null
  }>(
    `select s.name as source,
       ${counts.join(',\n       ')},
       (extract(epoch from clock_timestamp() - min(d.sealed_at) filter (where ${stateIn('d', runnable)})) * 1000)::float8 as oldest
     from sluice_source s
     left join sluice_delivery d on d.source_id = s.source_id and ${stateIn('d', deliveryLife.open)}
     group by s.name order by s.name`,
  )
  return rows.map(({ oldest, ...counts }) => ({
    ...counts,
    oldestReady: oldest === null ? null : Math.max(0, Math.round(oldest)),
  }))
}

/** Keeps a delivery as it is to the end of the transaction. */
export async function lockDelivery(session: Session, id: string): Promise<void> {
  await session.query('select from sluice_delivery where delivery_id = $1 for update', [id])
}

/** What a run of the delivery comes from. */
export function originOf({ id, source, mode, by }: QueuedDelivery): RunOrigin {
  return { cause: 'delivery', by, delivery: id, source, mode }
}
