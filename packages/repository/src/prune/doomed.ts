/**
 * Rows that nobody keeps any more: counted, or deleted a batch at a time.
 *
 * A batch is a transaction of its own, so that no lock is held for long, and whoever is stopped has done what he has done.
 *
 * @module
 */
import type { Session } from '../database/database.ts'
import { one } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement, type Table } from '../sql/statement.ts'

/** Rows of a table. */
export interface Doomed {
  readonly table: Table
  /** Condition on a row `d`. */
  readonly where: SQL
  /** Columns of an index: the oldest rows go first, and none is looked at twice. */
  readonly orderBy: SQL
}

export interface Gone {
  readonly removed: number
  /** What the rows took, without indexes. */
  readonly bytes: number
}

export const nothingGone: Gone = { removed: 0, bytes: 0 }

export function sumOf(all: readonly Gone[]): Gone {
  return all.reduce(
    (sum, { removed, bytes }) => ({ removed: sum.removed + removed, bytes: sum.bytes + bytes }),
    nothingGone,
  )
}

/** Rows of one transaction: some tenths of a second. */
const batchSize = 5000

export async function countDoomed(session: Session, doomed: Doomed): Promise<Gone> {
  return goneOf(await one(session, counted(doomed)))
}

export async function deleteBatch(session: Session, doomed: Doomed): Promise<Gone> {
  return goneOf(await one(session, deleted(doomed)))
}

interface GoneRow {
  readonly removed: string
  readonly bytes: string
}

function goneOf({ removed, bytes }: GoneRow): Gone {
  return { removed: Number(removed), bytes: Number(bytes) }
}

function counted({ table, where }: Doomed): Statement<GoneRow> {
  return statement(
    `prune/count ${table.name}`,
    sql`select count(*) as removed, coalesce(sum(pg_column_size(d.*)), 0) as bytes from ${table} d where ${where}`,
  )
}

/** What another process has under its lock is left to the next time. */
function deleted({ table, where, orderBy }: Doomed): Statement<GoneRow> {
  return statement(
    `prune/delete ${table.name}`,
    sql`with gone as (
      delete from ${table} d where d.ctid = any(array(
        select d.ctid from ${table} d where ${where} order by ${orderBy} limit ${sql.literal(batchSize)} for update skip locked))
      returning pg_column_size(d.*) as size)
    select count(*) as removed, coalesce(sum(size), 0) as bytes from gone`,
  )
}
