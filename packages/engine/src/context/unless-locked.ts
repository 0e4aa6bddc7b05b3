/**
 * Does what needs a table for itself only where it gets it at once.
 *
 * Whoever reads all of a repository (`pg_dump`, a report that takes an hour) holds a lock on each table until it is done. A run that waited for
 * that would keep the runs of all sources waiting behind it.
 *
 * @module
 */
import { DatabaseBusyError, type Session } from '@sluice/repository'

/** Longer than any statement of ours reads one of these tables. */
const longestWait = '100ms'
const lockNotAvailable = '55P03'

/** `false`: somebody reads there, and nothing was done. Within a transaction. */
export async function unlessLocked(session: Session, work: () => Promise<void>): Promise<boolean> {
  await session.execute(`savepoint unless_locked; set local lock_timeout = '${longestWait}'`)
  try {
    await work()
    // Released, so that what is written afterwards bears the transaction's own number: see ../sql/row-version.ts.
    await session.execute('set local lock_timeout = 0; release savepoint unless_locked')
    return true
  } catch (error) {
    if (!(error instanceof DatabaseBusyError && error.sqlState === lockNotAvailable)) throw error
    // With the time limit as it was.
    await session.execute('rollback to savepoint unless_locked; release savepoint unless_locked')
    return false
  }
}
