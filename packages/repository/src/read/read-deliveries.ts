/**
 * Reads the deliveries of a repository: what waits, what was decided, what came to nothing.
 *
 * @module
 */
import { type DeliveryRecord, deliveryLife, deliveryRecordSchema } from '@sluice/model'
import { z } from 'zod'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'

export interface DeliveriesQuery {
  readonly source?: string | undefined
  /** Only those that are not over: announced, ready, held or put aside. */
  readonly open?: boolean | undefined
  /** Only those that were announced before this one: its id. */
  readonly before?: string | undefined
  /** 50 when absent. */
  readonly limit?: number | undefined
}

/** Newest first. */
export async function readDeliveries(
  database: Database,
  { source, open = false, before, limit = 50 }: DeliveriesQuery,
): Promise<readonly DeliveryRecord[]> {
  const states = deliveryLife.open.map((state) => sql.literal(state))
  const which = allOf([
    ...(source === undefined ? [] : [sql`source.name = ${sql.value(source)}`]),
    ...(open ? [sql`d.state in (${commas(states)})`] : []),
    // The oldest are pruned first: before one that is gone there is none.
    ...(before === undefined
      ? []
      : [
          sql`d.position < (select b.position from sluice_delivery b where b.delivery_id = ${sql.value(before)}::uuid)`,
        ]),
  ])
  const most = Number.isFinite(limit) ? sql` limit ${sql.value(limit)}::bigint` : sql.blank
  const listed = deliveriesWhere('read/deliveries', sql`${which} order by d.position desc${most}`)
  const { rows } = await database.session((session) => run(session, listed))
  return rows.map(decode)
}

/** `undefined`: never announced, or no id at all. */
export async function readDelivery(database: Database, id: string): Promise<DeliveryRecord | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const one = deliveriesWhere('read/delivery', sql`d.delivery_id = ${sql.value(id)}::uuid`)
  const { rows } = await database.session((session) => run(session, one))
  return rows[0] === undefined ? undefined : decode(rows[0])
}

function deliveriesWhere(name: string, which: SQL): Statement<Row> {
  return statement(
    name,
    sql`select d.delivery_id as delivery, source.name as source, d.mode, d.state, d.reason, d.base,
      (select max(run.run_id) from sluice_run run where run.delivery_id = d.delivery_id) as run,
      json_build_object('kind', d.by_kind, 'name', d.by_name) as by,
      d.announced_at as "announcedAt", d.sealed_at as "sealedAt",
      d.aside_at as "asideAt", d.deaths, d.finished_at as "finishedAt",
      coalesce(d.manifest -> 'files', d.declared, '[]'::jsonb) as files
    from sluice_delivery d join sluice_source source using (source_id) where ${which}`,
  )
}

const rowSchema = deliveryRecordSchema.extend({ run: z.coerce.number().int().nullable() })

function decode(row: Row): DeliveryRecord {
  return rowSchema.parse(row)
}
