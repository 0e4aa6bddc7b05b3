/**
 * Few rows of large tables are found through indexes.
 *
 * PostgreSQL takes a page that is not read in its order for four times as dear as one that is, which was so on disks with heads, and reads a
 * million rows for ten thousand of them. What a run looks for lies in memory or on a disk without.
 *
 * @module
 */
import { run, type Session, sql, statement } from '@sluice/repository'

/** One in so many. */
const few = 20
/** Of fewer rows it does not matter. */
const many = 10_000

/** For the rest of the transaction. */
export async function expectFew(session: Session, rows: number, among: number): Promise<void> {
  if (among < many || rows * few > among) return
  await run(session, statement('context/expect-few', sql`select set_config('random_page_cost', '1.1', true)`))
}
