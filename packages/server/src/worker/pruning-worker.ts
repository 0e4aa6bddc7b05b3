/**
 * Removes what the repository keeps no longer, now and then, until it is stopped.
 *
 * Every server that synchronizes does so, one at a time: another one that finds it at work leaves it at that.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PruneReport } from '@sluice/model'
import { PruningElsewhereError } from '@sluice/repository'
import type { FastifyBaseLogger } from 'fastify'
import { type Ending, EndingLoop } from './ending-loop.ts'

export interface PruningWorkerOptions {
  readonly prune: (options: { readonly signal: AbortSignal }) => Promise<PruneReport>
  /** Milliseconds between two looks, by the configuration that holds at the moment; `undefined`: there is none. */
  readonly every: () => number | undefined
  readonly log: FastifyBaseLogger
}

/** Milliseconds after which it is asked again whether it is time: the configuration may have changed. */
const askedEvery = 1000

export class PruningWorker {
  readonly #options: PruningWorkerOptions
  readonly #loop = new EndingLoop((ending) => this.#watch(ending))
  #prunedAt = Number.NEGATIVE_INFINITY

  constructor(options: PruningWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop.start()
  }

  /** Ends behind the batch at work; another look goes on there. */
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #watch({ stopping: signal }: Ending): Promise<void> {
    while (!signal.aborted) {
      const every = this.#options.every()
      if (every !== undefined && performance.now() - this.#prunedAt >= every) {
        await this.#prune(signal)
        this.#prunedAt = performance.now()
      }
      await sleep(askedEvery, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #prune(signal: AbortSignal): Promise<void> {
    const { prune, log } = this.#options
    try {
      const { kinds } = await prune({ signal })
      const gone = kinds.filter(({ removed }) => removed > 0)
      if (gone.length > 0) log.info({ kinds: gone }, 'repository pruned')
    } catch (error) {
      if (signal.aborted || error instanceof PruningElsewhereError) return
      log.error({ err: error }, 'the repository could not be pruned')
    }
  }
}
