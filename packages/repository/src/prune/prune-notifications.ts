/**
 * Notifications that were sent or given up.
 *
 * @module
 */
import { type Keeping, notificationLife } from '@sluice/model'
import { commas } from '../sql/fragments.ts'
import { sql, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { firstKept } from './run-cuts.ts'

export function doomedNotifications(keeping: Keeping): readonly Doomed[] {
  const { age, count } = keeping
  if (age === undefined && count === undefined) return []
  const table = new Table('sluice_notification')
  const waiting = commas(notificationLife.statesThatTake('refused').map((state) => sql.literal(state)))
  const tooOld =
    age === undefined ? sql.false : sql`d.position < ${firstKept(table, sql`created_at`, keeping)}`
  const tooMany =
    count === undefined
      ? sql.false
      : sql`d.position <= (select x.position from sluice_notification x order by x.position desc offset ${sql.value(count)}::bigint limit 1)`
  return [
    {
      table,
      where: sql`d.state not in (${waiting}) and (${tooOld} or ${tooMany})`,
      orderBy: sql`d.position`,
    },
  ]
}
