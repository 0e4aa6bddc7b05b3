/**
 * The project whose agent, inbox and engine are in this process.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { BrokenReferenceError, deliver, lastDelivered, type Prepared, prepare } from '@sluice/agent'
import type { Engine } from '@sluice/engine'
import type { Change, Configuration, OnProgress, RunReport, Source } from '@sluice/model'
import type { DeliveryStatus } from '@sluice/protocol'
import type { Repository } from '@sluice/repository'
import {
  askedMode,
  completeBecause,
  type Decision,
  decideMode,
  type ModeContext,
  stateFolder,
  wantsIncremental,
} from './decide-mode.ts'
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
import {
  DeliveryOvertakenError,
  IncrementalRefusedError,
  SourceBusyError,
  UnknownSourceError,
} from './project-errors.ts'

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

  async sync(name: string, options: SyncOptions = {}): Promise<RunReport> {
    return this.#alone(name, async (source) => {
      if (wantsIncremental(source, options.mode)) await this.#workDelivered(source, options)
      // We alone deliver for this source: what waits was left behind by a process that died.
      await this.#engine.giveUpWaiting(name, 'The process that announced it ended before it was worked on.')
      const decision = await this.#decide(source, { ...options, evenIfHeld: options.force })
      return this.#orComplete(source, decision, options, async (decided) =>
        this.#carryOut(await this.#announce(source, decided), options),
      )
    })
  }

  async plan(name: string, options: PlanOptions = {}): Promise<Plan> {
    const source = this.#source(name)
    await mkdir(this.configuration.workFolder, { recursive: true })
    const folder = await mkdtemp(join(this.configuration.workFolder, 'plan-'))
    try {
      const decision = await this.#decide(source, { ...options, evenIfHeld: true })
      return await this.#orComplete(source, decision, options, async (decided) => {
        await this.#checkBase(source, decided)
        const prepared = await this.#prepare(source, decided, folder, options)
        this.#progress.listener = options.onProgress
        const { sample, signal } = options
        return await this.#engine.plan(name, decided.mode, prepared, { sample, signal })
      })
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
    return this.#announce(source, await this.#decide(source, options), options.deliveryId)
  }

  async prepare(announced: Announced, options: SourceOptions = {}): Promise<Prepared> {
    const source = this.#source(announced.source)
    const folder = join(this.configuration.workFolder, 'prepared', source.name)
    try {
      return await this.#prepare(source, announced, folder, options)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const state = options.signal?.aborted === true ? 'cancelled' : 'refused'
      await this.#engine.inbox.giveUp(announced.deliveryId, state, reason)
      throw error
    }
  }

  async deliver({ deliveryId, source }: Announced, prepared: Prepared): Promise<DeliveryStatus> {
    const state = stateFolder(this.configuration, source)
    return deliver({ inbox: this.#engine.inbox, deliveryId, prepared, state, source })
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

  #decide(source: Source, options: Parameters<typeof decideMode>[2]): Promise<Decision> {
    const { configuration, repository } = this
    const context: ModeContext = { configuration, repository, engine: this.#engine }
    return decideMode(context, source, options)
  }

  async #announce(source: Source, decision: Decision, id: string = randomUUID()): Promise<Announced> {
    const { mode, base, notes } = decision
    await this.#engine.inbox.announce({ id, source: source.name, mode, base })
    return { deliveryId: id, source: source.name, mode, base, notes }
  }

  async #prepare(
    source: Source,
    { mode, base, notes = [] }: Pick<Announced, 'mode' | 'base' | 'notes'>,
    folder: string,
    options: SourceOptions,
  ): Promise<Prepared> {
    const prepared = await prepare({
      model: this.configuration.model,
      source: options.folder === undefined ? source : { ...source, folder: resolve(options.folder) },
      mode,
      state: stateFolder(this.configuration, source.name),
      base,
      folder,
      settings: this.configuration.prepare,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const { manifest } = prepared
    return { ...prepared, manifest: { ...manifest, notes: [...notes, ...manifest.notes] } }
  }

  /** Everything behind the announcement; the report of the run that worked on it. */
  async #carryOut(announced: Announced, options: SyncOptions): Promise<RunReport> {
    const { deliveryId, source, mode } = announced
    await this.deliver(announced, await this.prepare(announced, options))
    const reports = await this.synchronize(source, options)
    const report = reports.find(({ delivery }) => delivery === deliveryId)
    if (report !== undefined) return report
    const status = await this.#engine.inbox.status(deliveryId)
    if (mode === 'incremental' && status?.state === 'refused') {
      throw new IncrementalRefusedError(source, status.reason ?? 'no reason is known.')
    }
    throw new DeliveryOvertakenError(source, status?.state ?? 'gone', status?.reason ?? null)
  }

  /** Where an incremental turns out to be impossible and was not asked for by name, a complete takes its place. */
  async #orComplete<T>(
    source: Source,
    decision: Decision,
    options: SourceOptions,
    work: (decision: Decision) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(decision)
    } catch (error) {
      const impossible = error instanceof BrokenReferenceError || error instanceof IncrementalRefusedError
      const auto = decision.mode === 'incremental' && askedMode(source, options.mode) === 'auto'
      if (!impossible || !auto) throw error
      return await work(completeBecause(error.message))
    }
  }

  /**
   * Applies what a process delivered and did not live to apply: the reference stands for it already, and
   * giving it up would break the chain.
   */
  async #workDelivered(source: Source, options: SyncOptions): Promise<void> {
    const state = stateFolder(this.configuration, source.name)
    const delivery = await lastDelivered(state, this.#engine.inbox)
    const status = delivery === undefined ? undefined : await this.#engine.inbox.status(delivery)
    if (status?.state === 'ready') await this.synchronize(source.name, options)
  }

  /** A plan is not in the queue, where the engine would look at its base. */
  async #checkBase(source: Source, { mode, base }: Decision): Promise<void> {
    if (mode !== 'incremental' || base === undefined) return
    const runs = await this.repository.runs({ source: source.name })
    const applied = runs.find(({ state }) => state === 'applied')?.delivery
    if (applied === base) return
    const reason = `it builds on delivery ${base}, but ${applied ?? 'none'} was applied last.`
    throw new IncrementalRefusedError(source.name, reason)
  }

  // The folder of prepared files is one per source, so two preparations must not meet in it.
  async #alone<T>(name: string, work: (source: Source) => Promise<T>): Promise<T> {
    const source = this.#source(name)
    const done = await this.repository.database.exclusively(`prepare ${name}`, () => work(source))
    if (done === undefined) throw new SourceBusyError(name)
    return done.result
  }
}
