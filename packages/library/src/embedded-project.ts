/**
 * The project whose agent, inbox and engine are in this process.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { deliver, type Prepared, prepare } from '@sluice/agent'
import type { Engine } from '@sluice/engine'
import type { Change, Configuration, OnProgress, RunReport, Source } from '@sluice/model'
import type { DeliveryStatus } from '@sluice/protocol'
import type { Repository } from '@sluice/repository'
import type {
  Announced,
  AnnounceOptions,
  Approval,
  Plan,
  PlanOptions,
  Project,
  SourceOptions,
  SynchronizeOptions,
  SyncOptions,
} from './project.ts'
import { DeliveryOvertakenError, SourceBusyError, UnknownSourceError } from './project-errors.ts'

/** The engine is opened once, but each piece of work has a listener of its own. */
export interface ProgressRelay {
  listener: OnProgress | undefined
}

export class EmbeddedProject implements Project {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly #engine: Engine
  readonly #progress: ProgressRelay

  constructor(configuration: Configuration, repository: Repository, engine: Engine, progress: ProgressRelay) {
    this.configuration = configuration
    this.repository = repository
    this.#engine = engine
    this.#progress = progress
  }

  async sync(source: string, options: SyncOptions = {}): Promise<RunReport> {
    return this.#alone(source, async () => {
      // We alone deliver for this source: what waits was left behind by a process that died.
      await this.#engine.giveUpWaiting(source, 'The process that announced it ended before it was worked on.')
      const announced = await this.announce(source, options)
      await this.deliver(announced, await this.prepare(announced, options))
      const reports = await this.synchronize(source, options)
      const report = reports.find(({ delivery }) => delivery === announced.deliveryId)
      if (report !== undefined) return report
      const status = await this.#engine.inbox.status(announced.deliveryId)
      throw new DeliveryOvertakenError(source, status?.state ?? 'gone', status?.reason ?? null)
    })
  }

  async plan(name: string, options: PlanOptions = {}): Promise<Plan> {
    const source = this.#source(name)
    const mode = await this.#engine.decideMode(name, options.mode ?? source.mode)
    await mkdir(this.configuration.workFolder, { recursive: true })
    const folder = await mkdtemp(join(this.configuration.workFolder, 'plan-'))
    try {
      const prepared = await prepare(this.#preparation(source, mode, folder, options))
      this.#progress.listener = options.onProgress
      const { sample = 3 } = options
      return await this.#engine.plan(name, mode, prepared, { sample })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  changes(run: number, options: { readonly limit?: number | undefined } = {}): AsyncIterable<Change> {
    return this.#engine.changes(run, options)
  }

  async approve(run: number, decision: { readonly by: string }): Promise<Approval> {
    return this.#engine.approve(run, decision)
  }

  async reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport> {
    return this.#engine.reject(run, decision)
  }

  async announce(name: string, options: AnnounceOptions = {}): Promise<Announced> {
    const source = this.#source(name)
    const mode = await this.#engine.decideMode(name, options.mode ?? source.mode)
    const { deliveryId = randomUUID() } = options
    await this.#engine.inbox.announce({ id: deliveryId, source: name, mode })
    return { deliveryId, source: name, mode }
  }

  async prepare(announced: Announced, options: SourceOptions = {}): Promise<Prepared> {
    const source = this.#source(announced.source)
    const folder = join(this.configuration.workFolder, 'prepared', source.name)
    try {
      return await prepare(this.#preparation(source, announced.mode, folder, options))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const state = options.signal?.aborted === true ? 'cancelled' : 'refused'
      await this.#engine.inbox.giveUp(announced.deliveryId, state, reason)
      throw error
    }
  }

  async deliver(announced: Announced, prepared: Prepared): Promise<DeliveryStatus> {
    return deliver({ inbox: this.#engine.inbox, deliveryId: announced.deliveryId, prepared })
  }

  async giveUp(announced: Announced, reason: string): Promise<DeliveryStatus> {
    return this.#engine.inbox.giveUp(announced.deliveryId, 'cancelled', reason)
  }

  async delivery(deliveryId: string): Promise<DeliveryStatus | undefined> {
    return this.#engine.inbox.status(deliveryId)
  }

  async synchronize(
    source: string,
    { force, limit, signal, onProgress }: SynchronizeOptions = {},
  ): Promise<readonly RunReport[]> {
    this.#progress.listener = onProgress
    return this.#engine.synchronize(this.#source(source).name, { force, limit, signal })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.repository[Symbol.asyncDispose]()
  }

  #source(name: string): Source {
    const source = this.configuration.sources.get(name)
    if (source === undefined) throw new UnknownSourceError(name, [...this.configuration.sources.keys()])
    return source
  }

  #preparation(source: Source, mode: Announced['mode'], folder: string, options: SourceOptions) {
    return {
      model: this.configuration.model,
      source: options.folder === undefined ? source : { ...source, folder: resolve(options.folder) },
      mode,
      folder,
      settings: this.configuration.prepare,
      onProgress: options.onProgress,
      signal: options.signal,
    }
  }

  // The folder of prepared files is one per source, so two preparations must not meet in it.
  async #alone<T>(source: string, work: () => Promise<T>): Promise<T> {
    const name = `prepare ${this.#source(source).name}`
    const done = await this.repository.database.exclusively(name, work)
    if (done === undefined) throw new SourceBusyError(source)
    return done.result
  }
}
