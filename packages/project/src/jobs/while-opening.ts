/**
 * A job whose project is being opened: its folder may be another process's, its database away, and both may last. It can be stopped meanwhile.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StopRequest } from '@sluice/model'
import { forgetStop, readStop } from '../executions/stop-note.ts'
import type { JobStart } from './execution-notes.ts'
import { orAborted } from './or-aborted.ts'
import { recordFailedStart, recordStoppedStart } from './record-execution.ts'
import { StopAskedError } from './stop-asked-error.ts'
import { aloneAtJob } from './work-folder-locks.ts'

export interface Opening {
  readonly workFolder: string
  readonly job: string
  readonly start: JobStart
  /** Either ends the opening. */
  readonly signals: readonly (AbortSignal | undefined)[]
}

/** The opening was ended, because somebody asked to stop. */
export class OpeningEndedError extends Error {}

/** Milliseconds between two looks for a note that asks to stop. */
const look = 250

/**
 * What is opened. `open` is given the signal by which its waiting ends.
 *
 * Throws what `open` throws, `StopAskedError` where somebody asked for this job to be stopped, `OpeningEndedError` where a signal did, and
 * `JobRunningError` where the job is at work. What it fails with is kept as a result of the job.
 */
export async function whileOpening<T extends AsyncDisposable>(
  { workFolder, job, start, signals }: Opening,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return await aloneAtJob(workFolder, job, async () => {
    await forgetStop(workFolder, job).catch(() => undefined)
    const [over, asked] = [new AbortController(), new AbortController()]
    const watching = watchNotes(workFolder, job, over.signal, (stop) => asked.abort(new StopAskedError(stop)))
    const given = signals.flatMap((signal) => signal ?? [])
    try {
      return await orEnded(open, AbortSignal.any([...given, asked.signal]))
    } catch (error) {
      const { reason } = asked.signal
      if (reason instanceof StopAskedError) {
        await recordStoppedStart({ workFolder }, job, start, reason.stop)
        throw reason
      }
      if (given.some(({ aborted }) => aborted))
        throw new OpeningEndedError('The opening was ended.', { cause: error })
      await recordFailedStart({ workFolder }, job, start, error)
      throw error
    } finally {
      over.abort()
      await watching
      await forgetStop(workFolder, job).catch(() => undefined)
    }
  })
}

async function watchNotes(
  workFolder: string,
  job: string,
  over: AbortSignal,
  onStop: (stop: StopRequest) => void,
): Promise<void> {
  while (!over.aborted) {
    const stop = await readStop(workFolder, job)
    if (stop !== undefined) return onStop(stop)
    await sleep(look, undefined, { signal: over }).catch(() => undefined)
  }
}

/** What is opened although nobody waits for it any more is closed. */
async function orEnded<T extends AsyncDisposable>(
  open: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const opening = open(signal)
  try {
    return await orAborted(opening, signal)
  } catch (error) {
    void opening.then(
      (opened) => opened[Symbol.asyncDispose](),
      () => undefined,
    )
    throw error
  }
}
