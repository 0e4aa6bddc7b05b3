/**
 * The turn of a run: a transaction that begins when no other run of the repository is at work.
 *
 * Of the runs of this process one alone waits at the database, with a connection and a transaction; the others wait here for
 * its place, so that no number of them takes the connections from those who only want to look.
 *
 * @module
 */
import type { Database, Session } from '@sluice/repository'
import { type WaitOptions, waitForOtherRuns } from './wait-for-other-runs.ts'

/** The signal ends the waiting; what has begun does not look at it. */
export type TurnOptions = WaitOptions

/** `work` is given the milliseconds that it has waited. Throws the reason of the signal where that ends the waiting. */
export async function transactionInTurn<T>(
  database: Database,
  work: (session: Session, waited: number) => Promise<T>,
  options: TurnOptions = {},
): Promise<T> {
  const asked = performance.now()
  const leave = await enterLine(database, options)
  try {
    return await database.transaction(async (session) => {
      await waitForOtherRuns(session, options)
      options.signal?.throwIfAborted()
      leave()
      return await work(session, performance.now() - asked)
    })
  } finally {
    leave()
  }
}

/** Those of a database that wait for its runs: one at the database, the others behind it, in the order in which they came. */
interface Line {
  taken: boolean
  readonly behind: (() => void)[]
}

const lines = new WeakMap<Database, Line>()

/** Resolves when the place at the database is ours; what it returns gives it to the next. */
async function enterLine(database: Database, { onWait, signal }: TurnOptions): Promise<() => void> {
  signal?.throwIfAborted()
  const line = lines.get(database) ?? { taken: false, behind: [] }
  lines.set(database, line)
  if (line.taken) {
    onWait?.()
    await standBehind(line, signal)
  }
  line.taken = true
  let left = false
  return () => {
    if (left) return
    left = true
    const next = line.behind.shift()
    if (next === undefined) line.taken = false
    else next()
  }
}

function standBehind({ behind }: Line, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const called = () => {
      signal?.removeEventListener('abort', gone)
      resolve()
    }
    const gone = () => {
      behind.splice(behind.indexOf(called), 1)
      reject(signal?.reason)
    }
    behind.push(called)
    signal?.addEventListener('abort', gone, { once: true })
  })
}
