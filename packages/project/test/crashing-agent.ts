/**
 * A fault: the agent crashes at a step of our choice, and from then on writes nothing to its disk and sends nothing.
 *
 * A step is whatever leaves a trace: a change in the agent's folder, a request, its answer. Unlike a process that is
 * killed it goes on trying, in vain, and ends with an error.
 *
 * @module
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { type FaultyProxy, faultyProxy } from '../../agent/test/faulty-proxy.ts'

const changing = ['writeFile', 'rename', 'rm', 'mkdir', 'mkdtemp', 'copyFile', 'cp', 'link', 'open'] as const

export interface CrashingAgent extends AsyncDisposable {
  /** Where the agent finds the server. */
  readonly url: string
  /** It has crashed. */
  readonly crashed: boolean
  /** Runs `work` as an agent that crashes after so many steps. */
  crashAfter(steps: number, work: () => Promise<unknown>): Promise<CrashOutcome>
}

export interface CrashOutcome {
  /** It came to its end before. */
  readonly survived: boolean
  /** What it did last. */
  readonly last: string
}

class SimulatedCrash extends Error {}

export async function crashingAgent(folder: string, server: string): Promise<CrashingAgent> {
  let left = Number.POSITIVE_INFINITY
  let last = 'nothing'
  const step = (what: string): boolean => {
    if (left <= 0) return false
    left -= 1
    last = what
    return true
  }
  const restore = interceptWrites(folder, (what) => {
    if (!step(what)) throw new SimulatedCrash(what)
  })
  const proxy: FaultyProxy = await faultyProxy(server, ({ method, path }) => {
    if (!step(`sends ${method} ${path}`)) return 'lose request'
    return step(`is answered ${method} ${path}`) ? 'none' : 'lose answer'
  })
  return {
    url: proxy.url,
    get crashed() {
      return left <= 0
    },
    async crashAfter(steps, work) {
      left = steps
      try {
        await work()
        return { survived: left > 0, last }
      } catch (error) {
        if (left > 0) throw error
        return { survived: false, last }
      } finally {
        left = Number.POSITIVE_INFINITY
        // With a process its locks lose their force.
        await fs.promises.rm(join(folder, '.sluice/state/locks'), { recursive: true, force: true })
      }
    },
    async [Symbol.asyncDispose]() {
      restore()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

/** Calls `before` for every change below `folder`, and then makes it. */
function interceptWrites(folder: string, before: (what: string) => void): () => void {
  const promises: Record<string, unknown> = { ...fs.promises }
  for (const name of changing) {
    const original = fs.promises[name]
    Object.assign(fs.promises, {
      [name]: async (...args: unknown[]) => {
        const path = args.find((arg) => typeof arg === 'string' && arg.startsWith(folder))
        const reads = name === 'open' && (args[1] === undefined || args[1] === 'r')
        if (path !== undefined && !reads) before(`${name} ${String(args[0]).slice(folder.length)}`)
        return Reflect.apply(original, fs.promises, args)
      },
    })
  }
  syncBuiltinESMExports()
  return () => {
    Object.assign(fs.promises, Object.fromEntries(changing.map((name) => [name, promises[name]])))
    syncBuiltinESMExports()
  }
}
