/**
 * A thread for one part of a preview.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads'
import { describedError } from '../jobs/execution-notes.ts'
import { type ParseJob, parse, type TryJob, tryRows } from './preview-jobs.ts'

const job = workerData as ParseJob | TryJob

try {
  parentPort?.postMessage({ result: job.kind === 'parse' ? await parse(job) : await tryRows(job) })
} catch (error) {
  parentPort?.postMessage({ problem: describedError(error) })
}
