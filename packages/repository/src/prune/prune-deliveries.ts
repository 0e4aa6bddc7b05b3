/**
 * Records of deliveries that are over. The last one of a source stays, and the one that it stands for, and what an open one builds on.
 *
 * @module
 */
import { deliveryLife, type Keeping } from '@sluice/model'
import { commas } from '../sql/fragments.ts'
import { sql, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { firstKept } from './run-cuts.ts'

export function doomedDeliveries(keeping: Keeping): readonly Doomed[] {
  const { age, count } = keeping
  if (age === undefined && count === undefined) return []
  const table = new Table('sluice_delivery')
  const open = commas(deliveryLife.open.map((state) => sql.literal(state)))
  const newer = (behind: number) =>
    sql`(select x.position from sluice_delivery x where x.source_id = d.source_id order by x.position desc offset ${sql.value(behind)}::bigint limit 1)`
  const tooOld =
    age === undefined ? sql.false : sql`d.position < ${firstKept(table, sql`announced_at`, keeping)}`
  const tooMany = count === undefined ? sql.false : sql`d.position <= ${newer(count)}`
  return [
    {
      table,
      where: sql`d.state not in (${open}) and (${tooOld} or ${tooMany}) and d.position < ${newer(0)}
        and not exists (select from sluice_source s where s.applied_delivery = d.delivery_id)
        and not exists (select from sluice_delivery o where o.base = d.delivery_id and o.state in (${open}))`,
      orderBy: sql`d.position`,
    },
  ]
}
