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
import { SourceAtWorkError, type Synchronizer, type WaitingSource } from '@sluice/inbox'
import { type RunReport, SluiceError } from '@sluice/model'
import {
  AlteredRepositoryError,
  ConnectionError,
  ConnectionLostError,
  DatabaseFaultError,
  OutOfResourcesError,
  PermissionError,
  ReadOnlyDatabaseError,
  StandbyError,
} from '@sluice/repository'
import type { FastifyBaseLogger } from 'fastify'
import type { Notifier } from './notifier.ts'
import { type Obstruction, SourcePauses } from './source-pauses.ts'

export interface WorkerOptions {
  readonly synchronizer: Pick<Synchronizer, 'waitingSources' | 'expireDeliveries' | 'synchronize'>
  /** Throws when the tables do not follow the configuration any more. */
  readonly checkModel: () => Promise<void>
  /** Whether the database can be written: one that was away may come back as a standby. */
  readonly isWritable: () => Promise<boolean>
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
/** Milliseconds between two lines of the log about queues that cannot be read, at most. */
const reportedEvery = 30_000

/** Milliseconds that a run has to end in once it is asked to. */
const endingTime = 3000

export class Worker {
  readonly #options: WorkerOptions
  readonly #atWork = new Map<string, Promise<void>>()
  readonly #pauses = new SourcePauses()
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
    let failures = 0
    let reportAt = 0
    while (!this.#stopping.signal.aborted) {
      // Asked for before looking, so that what is sealed meanwhile is not missed.
      const woken = queueChanged.wait(lookEvery, this.#stopping.signal)
      try {
        await this.#look()
        this.#lookedAt = performance.now()
        failures = 0
        reportAt = 0
      } catch (error) {
        failures += 1
        // It is looked for as often as ever, so that what waits goes on when the database is back.
        if (performance.now() >= reportAt) {
          log.error({ err: error, failures }, 'the queues cannot be read')
          reportAt = performance.now() + Math.min(failures * 2 * lookEvery, reportedEvery)
        }
        // A notification would be followed by the next failure at once.
        await sleep(lookEvery, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
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
    const waiting = await synchronizer.waitingSources()
    if (this.#pauses.awaitDatabase && (await this.#options.isWritable())) this.#pauses.databaseIsThere()
    for (const one of waiting) {
      if (this.#stopping.signal.aborted || this.#atWork.size >= runsAtOnce) return
      const { source } = one
      if (this.#atWork.has(source) || this.#pauses.rests(one)) continue
      this.#atWork.set(
        source,
        this.#run(one).finally(() => {
          this.#atWork.delete(source)
          this.#options.queueChanged.notify()
        }),
      )
    }
  }

  /** One delivery, so that the queues of all sources go on side by side. Never throws. */
  async #run(waiting: WaitingSource): Promise<void> {
    const { synchronizer, log, onRun, onTried } = this.#options
    const { source } = waiting
    const started = Date.now()
    try {
      const reports = await synchronizer.synchronize(source, {
        limit: 1,
        requeue: true,
        signal: this.#giveUp.signal,
        stopping: this.#stopping.signal,
      })
      this.#pauses.end(source)
      this.#pauses.machineIsWell()
      this.#obstacle = undefined
      for (const report of reports) {
        onRun(report)
        logRun(log, report)
      }
    } catch (error) {
      await this.#failed(waiting, error, started)
    } finally {
      onTried()
    }
  }

  async #failed(waiting: WaitingSource, error: unknown, started: number): Promise<void> {
    const { log, onRun, lastRun } = this.#options
    const { source } = waiting
    // Another server is at it; what it leaves is found in a second.
    if (error instanceof SourceAtWorkError) return this.#pauses.beginShort(waiting)
    this.#obstacle = obstacleIn(error)
    const last = await lastRun(source).catch(() => undefined)
    const own = last !== undefined && last.finishedAt !== null && Date.parse(last.finishedAt) >= started
    if (own) onRun(last)
    if (this.#giveUp.signal.aborted) return
    const facts = own ? { run: last.run, delivery: last.delivery } : {}
    // Its delivery is over with it, and the next one need not wait for what was wrong with this one.
    if (own && last.state === 'failed') {
      this.#pauses.end(source)
      log.error({ err: error, source, ...facts }, 'run failed')
      return
    }
    const pause = this.#pauses.begin(waiting, obstructionIn(error))
    log.error({ err: error, source, ...facts, pause }, 'run failed')
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

function obstructionIn(error: unknown): Obstruction {
  if (error instanceof ConnectionLostError) return 'loss'
  const isAway = [ConnectionError, ReadOnlyDatabaseError, StandbyError].some((kind) => error instanceof kind)
  if (isAway) return 'database'
  return obstacleIn(error) === undefined ? 'source' : 'machine'
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
