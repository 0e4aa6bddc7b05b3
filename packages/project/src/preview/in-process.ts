/**
 * Has a part of a preview done in a process of its own, which is ended when it takes too long or too much memory.
 *
 * An expression can be written that works for hours, or that fills all memory. Whoever looks at rows from afar keeps no agent from its work by one. A
 * thread would not do: at the limit of its memory, V8 may end the whole process.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ParsedProposal } from '@sluice/model'
import type { TriedRow } from '@sluice/prepare'
import type { PreviewProblem } from './preview-answer.ts'
import { PreviewTooLargeError, PreviewTooLongError } from './preview-errors.ts'
import type { ParseJob, PreviewJob, TryJob } from './preview-jobs.ts'

/** As `preview-process.ts` in the sources, as `preview-process.js` where they were compiled. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./preview-process.ts', import.meta.url)
  : new URL('./preview-process.js', import.meta.url)

/** Milliseconds for one part, the start of its process included. */
const usualTime = 20_000
const megabytes = 256
/** As a shell says that a process was aborted, which V8 does without memory. */
const aborted = 134

interface InProcess {
  readonly signal?: AbortSignal | undefined
  /** Milliseconds. */
  readonly time?: number | undefined
}

/** What was thrown there is no error of this process any more. */
type Reply<T> = { readonly result: T } | { readonly problem: PreviewProblem }

export function parseInProcess(job: ParseJob, options: InProcess): Promise<Reply<ParsedProposal>> {
  return inProcess<ParsedProposal>(job, options)
}

export function tryInProcess(job: TryJob, options: InProcess): Promise<Reply<readonly TriedRow[]>> {
  return inProcess<readonly TriedRow[]>(job, options)
}

async function inProcess<T>(
  job: ParseJob | TryJob,
  { signal, time = usualTime }: InProcess,
): Promise<Reply<T>> {
  signal?.throwIfAborted()
  const child = fork(fileURLToPath(entry), {
    execArgv: [`--max-old-space-size=${megabytes}`],
    // What is sent has maps in it.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const late = AbortSignal.timeout(time)
  const over = signal === undefined ? late : AbortSignal.any([late, signal])
  try {
    return await new Promise<Reply<T>>((resolve, reject) => {
      child.once('message', (reply) => resolve(reply as Reply<T>))
      child.once('error', reject)
      child.once('exit', (status, by) =>
        reject(
          by === 'SIGABRT' || status === aborted
            ? new PreviewTooLargeError(megabytes)
            : new Error(`The process of a preview ended (${by ?? status}).`),
        ),
      )
      over.addEventListener('abort', () => reject(over.reason), { once: true })
      child.send({ job, time } satisfies PreviewJob)
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw late.aborted ? new PreviewTooLongError(time) : error
  } finally {
    child.kill('SIGKILL')
  }
}
