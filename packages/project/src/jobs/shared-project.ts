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

/** `SLUICE-REPOSITORY-04`: another process has the repository's folder open. */
const inUse = 'SLUICE-REPOSITORY-04'
const longestWait = 60_000

export class SharedProject {
  readonly #open: () => Promise<Project>
  readonly #signal: AbortSignal
  #project: Promise<Project> | undefined
  #users = 0
  #closed: Promise<void> = Promise.resolve()

  constructor(open: () => Promise<Project>, signal: AbortSignal) {
    this.#open = open
    this.#signal = signal
  }

  async use<T>(work: (project: Project) => Promise<T>): Promise<T> {
    this.#users += 1
    this.#project ??= this.#closed.then(() => this.#openPatiently())
    const opening = this.#project
    try {
      return await work(await opening)
    } finally {
      this.#users -= 1
      if (this.#users === 0) {
        this.#project = undefined
        this.#closed = opening.then(
          (project) => project[Symbol.asyncDispose](),
          () => undefined,
        )
        await this.#closed
      }
    }
  }

  async #openPatiently(): Promise<Project> {
    const end = performance.now() + longestWait
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await this.#open()
      } catch (error) {
        const wait = error instanceof SluiceError && error.code === inUse && performance.now() + pause < end
        if (!wait) throw error
        await sleep(pause, undefined, { signal: this.#signal })
      }
    }
  }
}
