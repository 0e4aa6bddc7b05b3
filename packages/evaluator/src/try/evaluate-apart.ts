/**
 * Evaluates what is tried in a process of its own: nobody knows whether a text that somebody is writing comes to an end, or how much memory it
 * takes until then. A thread would not do: at the limit of its memory, V8 may end the whole process.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TriedRoot } from '@sluice/model'
import type { TriedData } from './try-evaluation.ts'
import type { TryJob } from './try-process.ts'

/** As `try-process.ts` in the sources, as `try-process.js` where they were compiled. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./try-process.ts', import.meta.url)
  : new URL('./try-process.js', import.meta.url)

const most = 2
const megabytes = 256
/** Milliseconds for which a process that has nothing to do is kept: who writes tries often, and it has the language loaded. */
const rest = 60_000
/** As a shell says that a process was aborted, which V8 does without memory. */
const aborted = 134

/** Of all that is tried: those that have nothing to do, and how many there are besides. */
const idle: ChildProcess[] = []
let atWork = 0
/** In the order in which they came. */
const waiting = new Set<() => void>()

/** @param longest Milliseconds, waiting for a process included. */
export async function evaluateApart(data: TriedData, longest: number): Promise<TriedRoot> {
  const late = AbortSignal.timeout(longest)
  if (!(await takePlace(late))) return failed('TOO_LONG', tooLong(longest))
  try {
    return await evaluateIn(idle.pop() ?? start(), { data, time: longest }, late)
  } finally {
    atWork -= 1
    const [next] = waiting
    if (next !== undefined) callOn(next)
  }
}

/** Who is called in turn is somebody who still waits. */
function callOn(who: () => void): void {
  waiting.delete(who)
  who()
}

/** `false`: it has become too late. */
async function takePlace(late: AbortSignal): Promise<boolean> {
  while (atWork >= most) {
    if (late.aborted) return false
    await new Promise<void>((resolve) => {
      waiting.add(resolve)
      late.addEventListener('abort', () => callOn(resolve), { once: true })
    })
  }
  atWork += 1
  return true
}

function start(): ChildProcess {
  return fork(fileURLToPath(entry), {
    execArgv: [`--max-old-space-size=${megabytes}`],
    // What is sent has maps in it.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

async function evaluateIn(child: ChildProcess, job: TryJob, late: AbortSignal): Promise<TriedRoot> {
  keepUpFor(child, true)
  try {
    const result = await answerOf(child, job, late)
    keepUpFor(child, false)
    layAside(child)
    return result
  } catch (error) {
    child.kill('SIGKILL')
    if (late.aborted) return failed('TOO_LONG', tooLong(job.time))
    if (error === tooLarge)
      return failed('TOO_LARGE', `Its evaluation took more than ${megabytes} MB of memory.`)
    throw error
  }
}

const tooLarge = Symbol('too large')

async function answerOf(child: ChildProcess, job: TryJob, late: AbortSignal): Promise<TriedRoot> {
  const heard = new AbortController()
  try {
    return await new Promise<TriedRoot>((resolve, reject) => {
      const ended = (status: number | null, by: NodeJS.Signals | null) =>
        reject(
          by === 'SIGABRT' || status === aborted
            ? tooLarge
            : new Error(`The process of an evaluation ended (${by ?? status}).`),
        )
      const answered = (answer: unknown) => resolve(answer as TriedRoot)
      child.once('message', answered).once('error', reject).once('exit', ended)
      late.addEventListener('abort', () => reject(late.reason), { signal: heard.signal })
      heard.signal.addEventListener('abort', () => {
        child.off('message', answered).off('error', reject).off('exit', ended)
      })
      child.send(job)
    })
  } finally {
    heard.abort()
  }
}

/** Whether this process is to wait for it. */
function keepUpFor(child: ChildProcess, wanted: boolean): void {
  const which = wanted ? 'ref' : 'unref'
  child[which]()
  child.channel?.[which]()
}

function layAside(child: ChildProcess): void {
  const leave = () => {
    const index = idle.indexOf(child)
    if (index >= 0) idle.splice(index, 1)
  }
  child.once('exit', leave)
  idle.push(child)
  setTimeout(() => {
    if (!idle.includes(child)) return
    leave()
    child.kill('SIGKILL')
  }, rest).unref()
}

function tooLong(longest: number): string {
  return `Its evaluation had not come to an end after ${longest / 1000} seconds.`
}

function failed(problem: string, message: string): TriedRoot {
  return { state: 'failed', problem, message, file: null, line: null, column: null }
}
