/**
 * Sends notifications, and looks whether a source is late or a job was cut off, until it is stopped.
 *
 * Every server of a repository does so: each notification is taken by one of them, and a source is found late by one. Nothing here
 * is waited for by a run.
 *
 * @module
 */
import type { Notifications, Sent } from '@sluice/notify'
import type { FastifyBaseLogger } from 'fastify'
import { type Ending, EndingLoop } from './ending-loop.ts'
import type { Notifier } from './notifier.ts'

export interface NotificationWorkerOptions {
  /** Those of the configuration that holds at the moment. */
  readonly notifications: () => Pick<Notifications, 'sendDue' | 'checkLateness' | 'checkJobs'>
  /** When there may be something to send. */
  readonly due: Notifier
  readonly log: FastifyBaseLogger
  readonly onSent: (sent: Sent) => void
}

/** Milliseconds between two looks at what other servers wrote, or what is to be tried again. */
const lookEvery = 1000
/** Milliseconds between two looks for sources that are late and jobs that were cut off. */
const checkEvery = 30_000
const longestPause = 30_000

export class NotificationWorker {
  readonly #options: NotificationWorkerOptions
  readonly #loop = new EndingLoop((ending) => this.#watch(ending))
  #checkedAt = Number.NEGATIVE_INFINITY
  /** None before the first look: agents that were not heard of while no server was there come back first. */
  #silent: ReadonlySet<string> = new Set()

  constructor(options: NotificationWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loop.start()
  }

  /**
   * Sends what is due once more, for a short while: what is broken off or left is sent by another server, or by this one when it is
   * back.
   */
  async stop(): Promise<void> {
    try {
      await this.#loop.stop((ending) => this.#send(ending))
    } catch (error) {
      this.#options.log.error({ err: error }, 'notifications cannot be read')
    }
  }

  async #watch(ending: Ending): Promise<void> {
    const { due, log } = this.#options
    const { stopping: signal } = ending
    let pause = lookEvery
    while (!signal.aborted) {
      // Asked for before looking, so that what is written meanwhile is not missed.
      const woken = due.wait(pause, signal)
      try {
        await this.#look(ending)
        pause = lookEvery
      } catch (error) {
        pause = Math.min(pause * 2, longestPause)
        log.error({ err: error, pause }, 'notifications cannot be read')
      }
      await woken
    }
  }

  async #look(ending: Ending): Promise<void> {
    const { log } = this.#options
    const notifications = this.#options.notifications()
    if (performance.now() - this.#checkedAt > checkEvery) {
      for (const { source, change } of await notifications.checkLateness())
        log.warn({ source }, changeTexts[change])
      const { silent, changes } = await notifications.checkJobs(this.#silent)
      for (const { job } of changes) log.warn({ job }, 'the job was cut off')
      this.#silent = silent
      this.#checkedAt = performance.now()
    }
    await this.#send(ending)
  }

  async #send({ givingUp }: Ending): Promise<void> {
    const { log, onSent } = this.#options
    await this.#options.notifications().sendDue({
      signal: givingUp,
      onSent: (sent) => {
        logSent(log, sent)
        onSent(sent)
      },
    })
  }
}

const changeTexts = {
  late: 'the source is late',
  recovered: 'the source is no longer late',
  overdue: 'the source has overdue orders',
} as const

function logSent(log: FastifyBaseLogger, { id, receiver, subject, outcome }: Sent): void {
  const facts = { notification: id, receiver, subject }
  if (outcome.event === 'taken' && outcome.error === null) log.info(facts, 'notification sent')
  else if (outcome.event === 'exhausted')
    log.error({ ...facts, reason: outcome.error }, 'notification given up')
  else
    log.warn(
      { ...facts, reason: outcome.error },
      `notification ${outcome.event === 'taken' ? 'sent, and not to all' : 'not taken; tried again'}`,
    )
}
