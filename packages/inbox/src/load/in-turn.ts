/**
 * Loads and runs of one source go one after the other: whoever comes second waits.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sourceLock } from '@sluice/repository'

/** Milliseconds after which a lock that somebody has is asked for again. */
const againAfter = 50

/** Does `work` when nobody else works on the source; ends the waiting when `signal` does. */
export async function inTurn<T>(
  database: Database,
  source: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    signal?.throwIfAborted()
    const done = await database.exclusively(sourceLock(source), work)
    if (done !== undefined) return done.result
    await sleep(againAfter, undefined, { signal })
  }
}
