/**
 * Runs of one repository go one after the other, because two sources may change the same resources.
 *
 * @module
 */
import { DatabaseBusyError, lockOfRuns, one, run, type Session, sql, statement } from '@sluice/repository'

/** What is shown as the subject of a run while another one is at work. */
export const waitsForOtherRun = 'waits for another run'

/**
 * Takes the lock of runs for this transaction. The large scans of a run may use every core, which PostgreSQL would not
 * choose for statements of this shape. `onWait` is called when another run has the lock; while it has, the signal is heeded.
 */
export async function waitForOtherRuns(
  session: Session,
  of: { readonly onWait?: (() => void) | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { taken } = await one(session, tryLock)
  if (taken) return
  of.onWait?.()
  while (!(await waitASecond(session))) of.signal?.throwIfAborted()
}

const tryLock = statement<{ taken: boolean }>(
  'runs/lock',
  sql`select pg_try_advisory_xact_lock(${lockOfRuns}) as taken,
    set_config('parallel_tuple_cost', '0', true), set_config('parallel_setup_cost', '0', true)`,
)

const waitForLock = statement('runs/wait-for-lock', sql`select pg_advisory_xact_lock(${lockOfRuns})`)

/** `false` when the lock was not given. */
async function waitASecond(session: Session): Promise<boolean> {
  await session.execute(`savepoint waiting; set local lock_timeout = '1s'`)
  try {
    await run(session, waitForLock)
    // Released, so that what the run writes bears its own transaction: see sql/row-version.ts.
    await session.execute('set local lock_timeout = 0; release savepoint waiting')
    return true
  } catch (error) {
    if (!(error instanceof DatabaseBusyError && error.sqlState === lockTimeout)) throw error
    await session.execute('rollback to savepoint waiting')
    return false
  }
}

const lockTimeout = '55P03'
