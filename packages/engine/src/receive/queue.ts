/**
 * The queue of deliveries: rows of `sluice_delivery`, per source in order of announcement.
 *
 * Being rows, they change in the same transaction as the repository, so a delivery is applied exactly
 * when its state says so.
 *
 * @module
 */
import {
  type DeliveryState,
  type DeliveryStatus,
  deliveryStates,
  type Manifest,
  manifestSchema,
} from '@sluice/protocol'
import type { Session } from '@sluice/repository'
import { z } from 'zod'

export interface QueuedDelivery extends DeliveryStatus {
  readonly position: string
  readonly manifest: Manifest | null
  /** Incremental: the delivery it builds on. */
  readonly base: string | null
}

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
})

const selection = `select d.delivery_id, s.name as source, d.mode, d.state, d.reason, d.position, d.manifest, d.base,
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
  }
}

export async function findDelivery(session: Session, id: string): Promise<QueuedDelivery | undefined> {
  const { rows } = await session.query(`${selection} where d.delivery_id = $1`, [id])
  return rows[0] === undefined ? undefined : decode(rows[0])
}

/** The first delivery of the source that is not finished, whatever it waits for. */
export async function nextDelivery(session: Session, source: string): Promise<QueuedDelivery | undefined> {
  const { rows } = await session.query(
    `${selection} where s.name = $1 and d.state in ('announced', 'ready', 'held') order by d.position limit 1`,
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
  },
): Promise<boolean> {
  const { count } = await session.query(
    `insert into sluice_delivery (delivery_id, source_id, mode, base, state)
     select $1, source_id, $3, $4, 'announced' from sluice_source where name = $2
     on conflict (delivery_id) do nothing`,
    [delivery.id, delivery.source, delivery.mode, delivery.base ?? null],
  )
  return count === 1
}

/** Moves a delivery on, only from one of the states it may leave; says whether it moved. */
export async function moveDelivery(
  session: Session,
  id: string,
  from: readonly DeliveryState[],
  to: DeliveryState,
  reason: string | null = null,
): Promise<boolean> {
  const final = !['announced', 'ready', 'held'].includes(to)
  const { count } = await session.query(
    `update sluice_delivery set state = $2, reason = $3, finished_at = case when $4 then now() end
     where delivery_id = $1 and state = any($5)`,
    // No text of PostgreSQL holds a NUL, and a message may quote a file that is none.
    [id, to, reason?.replaceAll('\0', '\ufffd') ?? null, final, from],
  )
  return count === 1
}

export async function sealDelivery(session: Session, id: string, manifest: Manifest): Promise<boolean> {
  const { count } = await session.query(
    `update sluice_delivery set state = 'ready', sealed_at = now(), manifest = $2
     where delivery_id = $1 and state = 'announced'`,
    [id, JSON.stringify(manifest)],
  )
  return count === 1
}

/** What a newly announced complete overtakes: waiting incrementals, and everything that is held. */
export async function overtakenBy(session: Session, id: string): Promise<readonly QueuedDelivery[]> {
  const { rows } = await session.query(
    `${selection} join sluice_delivery n on n.delivery_id = $1 and n.source_id = d.source_id and d.position < n.position
     where (d.mode = 'incremental' and d.state in ('announced', 'ready', 'held')) or (d.mode = 'complete' and d.state = 'held')
     order by d.position`,
    [id],
  )
  return rows.map(decode)
}

/** Deliveries that were announced or delivered and never worked on. */
export async function waitingDeliveries(
  session: Session,
  source: string,
): Promise<readonly QueuedDelivery[]> {
  const { rows } = await session.query(
    `${selection} where s.name = $1 and d.state in ('announced', 'ready') order by d.position`,
    [source],
  )
  return rows.map(decode)
}
