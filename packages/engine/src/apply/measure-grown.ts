/**
 * Statistics of tables of which a run has written much: the next run may come before autovacuum does, and an embedded repository has none. Without
 * them, PostgreSQL takes a table for one in which every second row is found, and reads it whole for some.
 *
 * @module
 */
import { commas, exists, run, type Session, sql, statement, type Table } from '@sluice/repository'
import { manyRows } from '../context/work-tables.ts'

export interface Grown {
  readonly table: Table
  /** Rows that were written. */
  readonly count: number
  /** Those by which rows are found; all where it is not known which. */
  readonly columns?: readonly string[]
}

export async function measureGrown(session: Session, { table, count, columns = [] }: Grown): Promise<void> {
  if (count < manyRows || !(await isMuchOf(session, table, count))) return
  const named =
    columns.length === 0 ? sql.blank : sql` (${commas(columns.map((name) => sql.identifier(name)))})`
  await run(session, statement(`apply/measure ${table.name}`, sql`analyze ${table}${named}`))
}

/** What is known of a table misleads nobody until a twentieth of it is written anew. */
async function isMuchOf(session: Session, { name }: Table, count: number): Promise<boolean> {
  const small = statement(
    `apply/is-much-of ${name}`,
    sql`select from pg_class where relname = ${sql.value(name)} and relnamespace = current_schema()::regnamespace
      and reltuples < ${sql.literal(count * 20)}`,
  )
  return await exists(session, small)
}
