/**
 * Runs of one repository go one after the other, because two sources may change the same resources.
 *
 * @module
 */
import {
  DatabaseBusyError,
  lockOfRuns,
  one,
  run,
  type Session,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'

/** What is shown as the subject of a run while another one is at work. */
export const waitsForOtherRun = 'waits for another run'

export interface WaitOptions {
  /** Called when another run has the lock. */
  readonly onWait?: (() => void) | undefined
  /** Heeded while another run has it. */
  readonly signal?: AbortSignal | undefined
  /** Processes that may help the transaction with one statement; as many as the database allows when absent. It may allow fewer. */
  readonly parallelWorkers?: number | undefined
}

/**
 * Takes the lock of runs for this transaction. The large scans of a run are spread over several processes, which PostgreSQL would not
 * choose for statements of this shape.
 */
export async function waitForOtherRuns(session: Session, of: WaitOptions = {}): Promise<void> {
  const { taken } = await one(session, tryLock(of.parallelWorkers))
  if (taken) return
  of.onWait?.()
  while (!(await waitASecond(session))) of.signal?.throwIfAborted()
}

function tryLock(parallelWorkers: number | undefined): Statement<{ taken: boolean }> {
  const limited =
    parallelWorkers === undefined
      ? sql.blank
      : sql`,
    set_config('max_parallel_workers_per_gather', least(current_setting('max_parallel_workers_per_gather')::int, ${sql.literal(parallelWorkers)})::text, true)`
  return statement(
    'runs/lock',
    sql`select pg_try_advisory_xact_lock(${lockOfRuns}) as taken,
    set_config('parallel_tuple_cost', '0', true), set_config('parallel_setup_cost', '0', true)${limited}`,
  )
}

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
