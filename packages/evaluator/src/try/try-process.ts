/**
 * A process that evaluates what is tried, one after the other, and ends with whoever started it.
 *
 * @module
 */
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { type TriedData, tryEvaluation } from './try-evaluation.ts'

export interface TryJob {
  readonly data: TriedData
  /** Milliseconds that it may take. */
  readonly time: number
}

/** Whoever has started this may be gone, and nothing else is heard here while an evaluation works: it is told when to end, or, by 0, not to. */
const watch = new Worker(
  `const { parentPort } = require('node:worker_threads')
  let end
  parentPort.on('message', (time) => {
    clearTimeout(end)
    if (time > 0) end = setTimeout(() => process.kill(process.pid, 'SIGKILL'), time)
  })`,
  { eval: true, execArgv: [] },
)
watch.unref()

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  const { data, time } = message as TryJob
  watch.postMessage(Math.ceil(time))
  try {
    process.send?.(tryEvaluation(data))
  } finally {
    watch.postMessage(0)
  }
})
