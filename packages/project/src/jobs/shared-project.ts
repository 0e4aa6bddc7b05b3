/**
 * One open project for all jobs that are at work, and none while nothing is.
 *
 * A repository in a folder belongs to one process at a time. So the agent lets go of it between two jobs,
 * and people can look at it meanwhile; and when somebody has it at the time of a start, the agent waits
 * for a while.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SluiceError } from '@sluice/model'
import type { Project } from '../open/project.ts'
import { orAborted } from './or-aborted.ts'

/** `SLUICE-REPOSITORY-04`: another process has the repository's folder open. */
const inUse = 'SLUICE-REPOSITORY-04'
const longestWait = 60_000

/** An open project, until it is let go. */
export interface Lease extends AsyncDisposable {
  readonly project: Project
}

export class SharedProject {
  readonly #open: () => Promise<Project>
  readonly #signal: AbortSignal
  #opening: Opening | undefined
  #users = 0
  #closed: Promise<void> = Promise.resolve()

  constructor(open: () => Promise<Project>, signal: AbortSignal) {
    this.#open = open
    this.#signal = signal
  }

  async use<T>(work: (project: Project) => Promise<T>): Promise<T> {
    await using lease = await this.lease(this.#signal)
    return await work(lease.project)
  }

  /** `signal`: whoever asked does not wait for it any more. */
  async lease(signal: AbortSignal): Promise<Lease> {
    this.#users += 1
    this.#opening ??= this.#begin()
    try {
      const project = await orAborted(this.#opening.project, signal)
      return { project, [Symbol.asyncDispose]: () => this.#release() }
    } catch (error) {
      const releasing = this.#release()
      // Whoever gives up does not wait until what hangs in the opening has ended.
      if (!signal.aborted) await releasing
      throw error
    }
  }

  #begin(): Opening {
    const ending = new AbortController()
    const signal = AbortSignal.any([this.#signal, ending.signal])
    return { project: this.#closed.then(() => this.#openPatiently(signal)), ending }
  }

  async #release(): Promise<void> {
    this.#users -= 1
    const opening = this.#opening
    if (this.#users > 0 || opening === undefined) return
    this.#opening = undefined
    opening.ending.abort()
    this.#closed = opening.project.then(
      (project) => project[Symbol.asyncDispose](),
      () => undefined,
    )
    await this.#closed
  }

  async #openPatiently(signal: AbortSignal): Promise<Project> {
    const end = performance.now() + longestWait
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await this.#open()
      } catch (error) {
        const wait = error instanceof SluiceError && error.code === inUse && performance.now() + pause < end
        if (!wait) throw error
        await sleep(pause, undefined, { signal })
      }
    }
  }
}

interface Opening {
  readonly project: Promise<Project>
  /** Ends its waiting. */
  readonly ending: AbortController
}
