/**
 * Lets go what has disappeared for long enough, now and then, until it is stopped.
 *
 * Every server of a repository that synchronizes does so: who has the lock of a source looks whether anything has aged, so nothing is done
 * twice.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceAgeing } from '@sluice/inbox'
import type { RunReport } from '@sluice/model'
import type { FastifyBaseLogger } from 'fastify'
import { type Ending, EndingLoop } from './ending-loop.ts'

export interface AgeingWorkerOptions {
  /** Of the configuration that holds at the moment. */
  readonly ageing: () => Pick<SourceAgeing, 'sources' | 'ageByItself'>
  /** Milliseconds between two looks; `undefined`: there is none. */
  readonly every: () => number | undefined
  readonly log: FastifyBaseLogger
  readonly onRun: (report: RunReport) => void
}

/** Milliseconds after which it is asked again whether it is time: the configuration may have changed. */
const askedEvery = 1000
export class AgeingWorker {
  readonly #options: AgeingWorkerOptions
  readonly #loop = new EndingLoop((ending) => this.#watch(ending))
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(options: AgeingWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop.start()
  }

  /** What is at work has a short while to end in; nothing of it is applied then, and another look does it. */
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #watch(ending: Ending): Promise<void> {
    const { stopping: signal } = ending
    while (!signal.aborted) {
      const every = this.#options.every()
      if (every !== undefined && performance.now() - this.#lookedAt >= every) {
        await this.#look(ending)
        this.#lookedAt = performance.now()
      }
      await sleep(askedEvery, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #look(ending: Ending): Promise<void> {
    const ageing = this.#options.ageing()
    for (const source of ageing.sources()) {
      if (ending.stopping.aborted) return
      await this.#age(ageing, source, ending)
    }
  }

  /** Never throws: one source keeps no other from its time. */
  async #age(
    ageing: Pick<SourceAgeing, 'ageByItself'>,
    source: string,
    { stopping, givingUp }: Ending,
  ): Promise<void> {
    const { log, onRun } = this.#options
    try {
      const report = await ageing.ageByItself(source, { signal: givingUp })
      if (report === undefined) return
      const facts = { source, run: report.run, state: report.state }
      if (report.state === 'held') log.warn(facts, 'what is due exceeds a threshold')
      else log.info(facts, 'what was due is applied')
      onRun(report)
    } catch (error) {
      if (!stopping.aborted) log.error({ source, err: error }, 'the ageing of the source failed')
    }
  }
}
