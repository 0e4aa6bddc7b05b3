/**
 * Takes definitions of sources up that somebody else has stored: another server, or the command line.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'

/** Milliseconds between two looks; and after one of which nothing came. */
const lookEvery = 1000
const pauseAfterFailure = 30_000

interface WatchedDefinitions {
  readonly sources: { haveChanged(): Promise<boolean> } | undefined
  readonly reload: () => Promise<unknown>
  readonly log: FastifyBaseLogger
}

/** Looks until it is stopped. What cannot be taken up is told, and the server goes on with what it has. */
export function watchDefinitions(of: WatchedDefinitions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const ended = of.sources === undefined ? Promise.resolve() : watch(of, stopping.signal)
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

async function watch(of: WatchedDefinitions, signal: AbortSignal): Promise<void> {
  for (let pause = lookEvery; ; ) {
    await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    pause = await look(of)
  }
}

/** When to look next. */
async function look({ sources, reload, log }: WatchedDefinitions): Promise<number> {
  try {
    if ((await sources?.haveChanged()) === true) await reload()
    return lookEvery
  } catch (error) {
    log.error({ err: error }, 'changed definitions of sources cannot be taken up')
    return pauseAfterFailure
  }
}
