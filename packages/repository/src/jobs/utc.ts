import { type SQL, sql } from '../sql/statement.ts'

/** A time as JavaScript writes it, within JSON too: ISO 8601 in UTC with milliseconds. */
export function utc(time: SQL): SQL {
  return sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
