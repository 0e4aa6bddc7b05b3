/**
 * A process for one part of a preview.
 *
 * @module
 */
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { describedError } from '../jobs/execution-notes.ts'
import { type PreviewJob, parse, tryRows } from './preview-jobs.ts'

process.once('message', async (message) => {
  const { job, time } = message as PreviewJob
  endAfter(time)
  try {
    process.send?.({ result: job.kind === 'parse' ? await parse(job) : await tryRows(job) })
  } catch (error) {
    process.send?.({ problem: describedError(error) })
  }
})

/** Whoever has started it may be gone, and nothing else here is heard while an expression works. */
function endAfter(milliseconds: number): void {
  new Worker(`setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${Math.ceil(milliseconds)})`, {
    eval: true,
    execArgv: [],
  }).unref()
}
