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
/** Milliseconds that a run has to end in once it is asked to. */
const endingTime = 3000

export class AgeingWorker {
  readonly #options: AgeingWorkerOptions
  readonly #stopping = new AbortController()
  readonly #giveUp = new AbortController()
  #lookedAt = Number.NEGATIVE_INFINITY
  #loop: Promise<void> | undefined

  constructor(options: AgeingWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop ??= this.#watch()
  }

  /** What is at work has a short while to end in; nothing of it is applied then, and another look does it. */
  async stop(): Promise<void> {
    if (this.#loop === undefined) return
    this.#stopping.abort()
    const timer = setTimeout(() => this.#giveUp.abort(), endingTime)
    await this.#loop
    clearTimeout(timer)
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const every = this.#options.every()
      if (every !== undefined && performance.now() - this.#lookedAt >= every) {
        await this.#look()
        this.#lookedAt = performance.now()
      }
      await sleep(askedEvery, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  async #look(): Promise<void> {
    const ageing = this.#options.ageing()
    for (const source of ageing.sources()) {
      if (this.#stopping.signal.aborted) return
      await this.#age(ageing, source)
    }
  }

  /** Never throws: one source keeps no other from its time. */
  async #age(ageing: Pick<SourceAgeing, 'ageByItself'>, source: string): Promise<void> {
    const { log, onRun } = this.#options
    try {
      const report = await ageing.ageByItself(source, { signal: this.#giveUp.signal })
      if (report === undefined) return
      const facts = { source, run: report.run, state: report.state }
      if (report.state === 'held') log.warn(facts, 'what has aged exceeds a threshold')
      else log.info(facts, 'what had aged is gone')
      onRun(report)
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.error({ source, err: error }, 'the source cannot be aged')
    }
  }
}
