/**
 * Watches the queues: takes sources whose next delivery is ready, a few at once, until it is stopped.
 *
 * Any number of servers may do so on one repository, because the engine locks each source. A seal at
 * this server wakes the worker at once; what other servers sealed, or a killed one left, it finds by
 * looking every second.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { asFileFailure, FileFailureError } from '@sluice/files'
import { SourceAtWorkError, type Synchronizer } from '@sluice/inbox'
import { type RunReport, SluiceError } from '@sluice/model'
import {
  AlteredRepositoryError,
  DatabaseFaultError,
  OutOfResourcesError,
  PermissionError,
  ReadOnlyDatabaseError,
} from '@sluice/repository'
import type { FastifyBaseLogger } from 'fastify'
import type { Notifier } from './notifier.ts'

export interface WorkerOptions {
  readonly synchronizer: Pick<Synchronizer, 'waitingSources' | 'expireDeliveries' | 'synchronize'>
  /** Throws when the tables do not follow the configuration any more. */
  readonly checkModel: () => Promise<void>
  readonly runsAtOnce: number
  readonly deliveryExpiry: number
  readonly queueChanged: Notifier
  readonly log: FastifyBaseLogger
  readonly onRun: (report: RunReport) => void
  /** The source's last run, to say which one has failed. */
  readonly lastRun: (source: string) => Promise<RunReport | undefined>
  /** Called after each try, whatever became of it. */
  readonly onTried: () => void
}

/** Milliseconds between two looks at the queues. */
const lookEvery = 1000
/** Milliseconds between two searches for deliveries that will never come. */
const expireEvery = 30_000
const firstPause = 1000
const longestPause = 60_000

/** Milliseconds that a run has to end in once it is asked to. */
const endingTime = 3000

/** A source that is not tried again before a time, and how long the next pause is. */
interface Pause {
  /** As `performance.now()` says it, which nobody sets. */
  readonly until: number
  readonly length: number
}

export class Worker {
  readonly #options: WorkerOptions
  readonly #atWork = new Map<string, Promise<void>>()
  readonly #pauses = new Map<string, Pause>()
  readonly #stopping = new AbortController()
  readonly #giveUp = new AbortController()
  #expiredAt = Number.NEGATIVE_INFINITY
  #lookedAt = performance.now()
  #obstacle: string | undefined
  #loop: Promise<void> | undefined

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop ??= this.#watchQueues()
  }

  /** How it is: milliseconds since it has read the queues, and the code of what was in the way of the last run, where that is of the machine. */
  get state(): { readonly lookedAgo: number; readonly obstacle: string | undefined } {
    return { lookedAgo: performance.now() - this.#lookedAt, obstacle: this.#obstacle }
  }

  /**
   * Takes nothing new and waits for the runs at work; after `within` milliseconds they are asked to end, and
   * their deliveries stay ready for another server. `false`: one did not end soon after it was asked to.
   */
  async stop(within: number): Promise<boolean> {
    this.#stopping.abort()
    const { log } = this.#options
    const ended = this.#ended()
    if (this.#atWork.size > 0) log.info({ sources: [...this.#atWork.keys()] }, 'waiting for runs in progress')
    if (await isOver(ended, within)) return true
    log.warn(
      { sources: [...this.#atWork.keys()] },
      'runs in progress are stopped; their deliveries stay ready',
    )
    this.#giveUp.abort()
    if (await isOver(ended, endingTime)) return true
    log.error({ sources: [...this.#atWork.keys()] }, 'a run does not end; it ends with the process')
    return false
  }

  async #ended(): Promise<void> {
    await this.#loop
    await Promise.all(this.#atWork.values())
  }

  async #watchQueues(): Promise<void> {
    const { queueChanged, log } = this.#options
    let pause = lookEvery
    while (!this.#stopping.signal.aborted) {
      // Asked for before looking, so that what is sealed meanwhile is not missed.
      const woken = queueChanged.wait(pause, this.#stopping.signal)
      try {
        await this.#look()
        this.#lookedAt = performance.now()
        pause = lookEvery
      } catch (error) {
        pause = Math.min(pause * 2, longestPause / 2)
        log.error({ err: error, pause }, 'the queues cannot be read')
      }
      await woken
    }
  }

  async #look(): Promise<void> {
    const { synchronizer, deliveryExpiry, runsAtOnce, log } = this.#options
    if (performance.now() - this.#expiredAt > expireEvery) {
      const expired = await synchronizer.expireDeliveries(deliveryExpiry)
      this.#expiredAt = performance.now()
      if (expired > 0) log.warn({ deliveries: expired }, 'announced deliveries that never came were given up')
      // Said even while nothing waits.
      await this.#options
        .checkModel()
        .catch((error: unknown) => log.error({ err: error }, 'nothing is applied'))
    }
    for (const source of await synchronizer.waitingSources()) {
      if (this.#stopping.signal.aborted || this.#atWork.size >= runsAtOnce) return
      if (this.#atWork.has(source) || this.#rests(source)) continue
      this.#atWork.set(
        source,
        this.#run(source).finally(() => {
          this.#atWork.delete(source)
          this.#options.queueChanged.notify()
        }),
      )
    }
  }

  #rests(source: string): boolean {
    const pause = this.#pauses.get(source)
    return pause !== undefined && performance.now() < pause.until
  }

  /** One delivery, so that the queues of all sources go on side by side. Never throws. */
  async #run(source: string): Promise<void> {
    const { synchronizer, log, onRun, onTried } = this.#options
    const started = Date.now()
    try {
      const reports = await synchronizer.synchronize(source, {
        limit: 1,
        requeue: true,
        signal: this.#giveUp.signal,
        stopping: this.#stopping.signal,
      })
      this.#pauses.delete(source)
      this.#obstacle = undefined
      for (const report of reports) {
        onRun(report)
        logRun(log, report)
      }
    } catch (error) {
      await this.#failed(source, error, started)
    } finally {
      onTried()
    }
  }

  async #failed(source: string, error: unknown, started: number): Promise<void> {
    const { log, onRun, lastRun } = this.#options
    if (error instanceof SourceAtWorkError) {
      // Another server is at it; what it leaves is found in a second.
      this.#pauses.set(source, { until: performance.now() + lookEvery, length: firstPause })
      return
    }
    this.#obstacle = obstacleIn(error)
    const last = await lastRun(source).catch(() => undefined)
    const own = last !== undefined && last.finishedAt !== null && Date.parse(last.finishedAt) >= started
    if (own) onRun(last)
    if (this.#giveUp.signal.aborted) return
    const facts = own ? { run: last.run, delivery: last.delivery } : {}
    // Its delivery is over with it, and the next one need not wait for what was wrong with this one.
    if (own && last.state === 'failed') {
      this.#pauses.delete(source)
      log.error({ err: error, source, ...facts }, 'run failed')
      return
    }
    const length = this.#pauses.get(source)?.length ?? firstPause
    this.#pauses.set(source, {
      until: performance.now() + length,
      length: Math.min(length * 2, longestPause),
    })
    log.error({ err: error, source, ...facts, pause: length }, 'run failed')
  }
}

/** No disk, no right, nothing to be written to: no other source would fare better. What passes by itself is none. */
const obstacles: readonly (abstract new (...of: never) => SluiceError)[] = [
  OutOfResourcesError,
  PermissionError,
  ReadOnlyDatabaseError,
  DatabaseFaultError,
  AlteredRepositoryError,
  FileFailureError,
]

function obstacleIn(error: unknown): string | undefined {
  const known = asFileFailure(error)
  return obstacles.some((kind) => known instanceof kind) && known instanceof SluiceError
    ? known.code
    : undefined
}

/** Says whether something is over before so many milliseconds are. */
async function isOver(ending: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController()
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false)
  const over = await Promise.race([ending.then(() => true), late])
  timer.abort()
  return over
}

function logRun(log: FastifyBaseLogger, report: RunReport): void {
  const { run, source, mode, state, delivery } = report
  const changes = [...report.entities, ...report.associations].reduce(
    (sum, part) => sum + part.changes.inserted + part.changes.updated + part.changes.deleted,
    0,
  )
  const facts = { run, source, delivery, mode, state, changes }
  if (report.error !== null) log.error({ ...facts, code: report.error.code }, report.error.message)
  else if (state === 'held') log.warn({ ...facts, exceeded: report.exceeded }, 'run held by a threshold')
  else log.info(facts, 'run ended')
}
