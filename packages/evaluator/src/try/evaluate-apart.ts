/**
 * Evaluates what is tried in a thread of its own: nobody knows whether a text that somebody is writing comes to an end.
 *
 * @module
 */
import type { TriedRoot } from '@sluice/model'
import { Piscina } from 'piscina'
import type { TriedData } from './try-evaluation.ts'

/** As `try-evaluation.ts` in the sources, as `try-evaluation.js` where they were compiled. */
const worker = import.meta.url.endsWith('.ts')
  ? new URL('./try-evaluation.ts', import.meta.url)
  : new URL('./try-evaluation.js', import.meta.url)

type Pool = Piscina<TriedData, TriedRoot>

/** One for all that is tried: who writes tries often, and a thread has the language loaded. */
let pool: Pool | undefined

function startPool(): Pool {
  return new Piscina<TriedData, TriedRoot>({
    filename: worker.href,
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: 60_000,
    // Flags of this process may be such as a thread is not started with.
    execArgv: [],
  })
}

/** @param longest Milliseconds, waiting for a thread included. */
export async function evaluateApart(data: TriedData, longest: number): Promise<TriedRoot> {
  pool ??= startPool()
  const signal = AbortSignal.timeout(longest)
  try {
    return await pool.run(data, { name: 'tryEvaluation', signal })
  } catch (error) {
    if (!signal.aborted) throw error
    const message = `Its evaluation had not come to an end after ${longest / 1000} seconds.`
    return { state: 'failed', problem: 'TOO_LONG', message, file: null, line: null, column: null }
  }
}
