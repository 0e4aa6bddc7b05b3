/**
 * Has a part of a preview done in a thread of its own, which is ended when it takes too long or too much memory.
 *
 * An expression can be written that works for hours. Whoever looks at rows from afar keeps no agent from its work by one.
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import type { ParsedProposal } from '@sluice/model'
import type { TriedRow } from '@sluice/prepare'
import type { PreviewProblem } from './preview-answer.ts'
import { PreviewTooLargeError, PreviewTooLongError } from './preview-errors.ts'
import type { ParseJob, TryJob } from './preview-jobs.ts'

/** As `preview-worker.ts` in the sources, as `preview-worker.js` where they were compiled. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./preview-worker.ts', import.meta.url)
  : new URL('./preview-worker.js', import.meta.url)

/** Milliseconds for one part, the start of its thread included. */
const usualTime = 20_000
const megabytes = 256

interface InThread {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds. */
  readonly time?: number | undefined
}

/** What was thrown in the thread is no error of this process any more. */
type Reply<T> = { readonly result: T } | { readonly problem: PreviewProblem }

export function parseInThread(job: ParseJob, options: InThread): Promise<Reply<ParsedProposal>> {
  return inThread<ParsedProposal>(job, options)
}

export function tryInThread(job: TryJob, options: InThread): Promise<Reply<readonly TriedRow[]>> {
  return inThread<readonly TriedRow[]>(job, options)
}

async function inThread<T>(
  job: ParseJob | TryJob,
  { signal, time = usualTime }: InThread,
): Promise<Reply<T>> {
  signal?.throwIfAborted()
  // Flags of this process may be such as a thread is not started with.
  const thread = new Worker(entry, {
    workerData: job,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  })
  const late = AbortSignal.timeout(time)
  const over = signal === undefined ? late : AbortSignal.any([late, signal])
  try {
    return await new Promise<Reply<T>>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', (status) =>
        reject(new Error(`The thread of a preview ended with status ${status}.`)),
      )
      over.addEventListener('abort', () => reject(over.reason), { once: true })
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (late.aborted) throw new PreviewTooLongError(time)
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new PreviewTooLargeError(megabytes)
    throw error
  } finally {
    await thread.terminate()
  }
}
