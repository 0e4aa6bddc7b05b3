/**
 * The audit log, and sessions that are over.
 *
 * @module
 */
import type { Keeping } from '@sluice/model'
import { sql, Table } from '../sql/statement.ts'
import type { Doomed } from './doomed.ts'
import { oldest } from './run-cuts.ts'

export function doomedAudit(keeping: Keeping): readonly Doomed[] {
  const { age, count } = keeping
  if (age === undefined && count === undefined) return []
  const tooOld = age === undefined ? sql.false : sql`d.at < ${oldest(keeping)}`
  const tooMany =
    count === undefined
      ? sql.false
      : sql`d.position <= (select x.position from sluice_audit x order by x.position desc offset ${sql.value(count)}::bigint limit 1)`
  return [
    { table: new Table('sluice_audit'), where: sql`(${tooOld} or ${tooMany})`, orderBy: sql`d.position` },
  ]
}

export const doomedSessions: readonly Doomed[] = [
  {
    table: new Table('sluice_session'),
    where: sql`(d.ends_at <= clock_timestamp() or d.last_seen_at + d.idle <= clock_timestamp())`,
    orderBy: sql`d.ends_at`,
  },
  {
    table: new Table('sluice_open_id_sign_in'),
    where: sql`d.ends_at <= clock_timestamp()`,
    orderBy: sql`d.ends_at`,
  },
]
