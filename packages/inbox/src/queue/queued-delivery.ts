/**
 * A delivery as it stands in the queue: a row of `sluice_delivery` with the name of its source.
 *
 * @module
 */
import type { RunOrigin } from '@sluice/engine'
import { type DeliveryState, deliveryStates, type RunBy, runByKinds } from '@sluice/model'
import {
  announcementSchema,
  type DeclaredFile,
  type DeliveryStatus,
  type Manifest,
  manifestSchema,
} from '@sluice/protocol'
import { commas, run, type Session, type SQL, type Statement, sql } from '@sluice/repository'
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
export const selection = sql`select d.delivery_id, source.name as source, d.mode, d.state, d.reason, d.position, d.manifest,
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

/** Runs a statement that begins with the selection. */
export async function deliveries(session: Session, of: Statement): Promise<readonly QueuedDelivery[]> {
  const { rows } = await run(session, of)
  return rows.map(decode)
}

/** What a run of the delivery comes from. */
export function originOf({ id, source, mode, by }: QueuedDelivery): RunOrigin {
  return { cause: 'delivery', by, delivery: id, source, mode }
}
