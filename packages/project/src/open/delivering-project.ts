/**
 * What every project does on the side of the agent, whatever inbox it delivers to.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type AgentContext,
  alone,
  completeBecause,
  type DecidedExport,
  type Decision,
  decideMode,
  deliver,
  emptyOutbox,
  fillOutbox,
  findExport,
  lastDelivered,
  type OutboxOutcome,
  type Outgoing,
  outboxFolder,
  prepareSource,
  type QueuedDelivery,
  readQueue,
  referenceAsDelivery,
  runExport,
  setBrokenAside,
  stateFolder,
} from '@sluice/agent'
import { type Exported, findFiles } from '@sluice/connectors'
import { privateFolderMode } from '@sluice/files'
import { OpenTableError } from '@sluice/inbox'
import type { Configuration, DeliveryMode, Source } from '@sluice/model'
import { BrokenReferenceError, type Prepared } from '@sluice/prepare'
import type { DeliveryStatus } from '@sluice/protocol'
import type { Plan } from '../sources/sources.ts'
import { asDrift, type DriftFound, type DriftOptions } from './drift.ts'
import { withNotes } from './left-behind.ts'
import type { CallOptions, PlanOptions, SourceOptions, SourcePlan } from './options.ts'
import { DriftUnknownError, IncrementalRefusedError, UnknownSourceError } from './project-errors.ts'
import { withSaved } from './saved-plan.ts'
import type { Announced, AnnounceOptions, DeliverOptions, PreparedStage, Stages } from './stages.ts'

export abstract class DeliveringProject {
  readonly configuration: Configuration
  readonly stages: Stages = {
    export: (source, options) => this.#export(source, options),
    prepare: (source, options) => this.#prepareOutbox(source, options),
    deliver: (source, options) => this.#deliverOutbox(source, options),
    waiting: async (source) => (await this.#queue(source)).at(-1),
    queue: (source) => this.#queue(source),
  }

  constructor(configuration: Configuration) {
    this.configuration = configuration
  }

  /** The inbox for one source: what it waits for is reported, and its calls end when it is stopped. */
  protected abstract context(source: string, options: CallOptions): AgentContext

  /** What the prepared files would change. */
  protected abstract planPrepared(
    source: Source,
    mode: DeliveryMode,
    prepared: Prepared,
    options: PlanOptions,
  ): Promise<Plan>

  abstract plan(source: string, options?: PlanOptions): Promise<SourcePlan>

  /** Prepares the files that the last export has left, beside the outbox, and leaves nothing behind. */
  protected async planDelivery(source: Source, options: PlanOptions): Promise<SourcePlan> {
    const { workFolder } = this.configuration
    const made = await mkdir(workFolder, { recursive: true, mode: privateFolderMode })
    const folder = await mkdtemp(join(workFolder, 'plan-'))
    try {
      const context = this.context(source.name, options)
      const decision = await decideMode(context, source, { ...options, evenIfHeld: true })
      return await this.orComplete(decision, (decided) => this.#planAs(source, decided, folder, options))
    } finally {
      await rm(folder, { recursive: true, force: true })
      // Nothing is left behind; what somebody else has put there meanwhile stays.
      if (made !== undefined) await rmdir(workFolder).catch(() => undefined)
    }
  }

  async #planAs(
    source: Source,
    decision: Decision,
    folder: string,
    options: PlanOptions,
  ): Promise<SourcePlan> {
    await this.#checkBase(source, decision, options)
    const found = await findExport(this.context(source.name, options), source, decision, options, [])
    const { mode, base } = found.decision
    const prepared = await this.prepareFiles(source, found.decision, folder, options, found.exported)
    const plan = await this.planPrepared(source, mode, prepared, options)
    const read = options.folder === undefined ? undefined : resolve(options.folder)
    return withSaved(plan, source.name, { mode, base, folder: read, manifest: prepared.manifest })
  }

  /** A plan is not in the queue, where the engine would look at its base. */
  async #checkBase({ name }: Source, { mode, base }: Decision, options: PlanOptions): Promise<void> {
    if (mode !== 'incremental' || base === undefined) return
    const { appliedDelivery } = await this.context(name, options).inbox.chain(name)
    if (appliedDelivery === base) return
    const reason = `it builds on delivery ${base}, but ${appliedDelivery ?? 'none'} was applied last.`
    throw new IncrementalRefusedError(name, reason)
  }

  async drift(name: string, options: DriftOptions = {}): Promise<DriftFound> {
    const source = this.configuration.sources.get(name)
    // What stands in its tables is what it asserts.
    if (source === undefined || source.table === true)
      return asDrift(await this.plan(name, options), 'its tables')
    const { inbox } = this.context(name, options)
    const state = stateFolder(this.configuration, name)
    const delivered = await lastDelivered(state, inbox)
    const { appliedDelivery } = await inbox.chain(name)
    if (delivered !== undefined && delivered !== appliedDelivery)
      throw new DriftUnknownError(
        name,
        `The last delivery from here is ${delivered}, but the repository has applied ${appliedDelivery ?? 'none'} last.`,
      )
    const restated = await referenceAsDelivery(state, source, this.configuration.model)
    if (restated.kind === 'unknown') throw new DriftUnknownError(name, restated.reason)
    const { prepared, delivery } = restated
    return asDrift(
      await this.planPrepared(source, 'complete', { ...prepared, references: [] }, options),
      delivery,
    )
  }

  async announce(name: string, options: AnnounceOptions = {}): Promise<Announced> {
    const source = this.#delivered(name)
    const context = this.context(source.name, {})
    const { mode, base, notes } = await decideMode(context, source, options)
    const { deliveryId = randomUUID() } = options
    await context.inbox.announce({ id: deliveryId, source: source.name, mode, base })
    return { deliveryId, source: source.name, mode, base, notes }
  }

  async prepare(announced: Announced, options: SourceOptions = {}): Promise<Prepared> {
    const folder = join(this.configuration.workFolder, 'prepared', announced.source)
    try {
      const source = this.source(announced.source)
      const { mode } = announced
      const given = options.folder === undefined ? undefined : resolve(options.folder)
      const dropped = source.export === undefined || given !== undefined
      const found = dropped ? await findFiles({ source, mode, folder: given }) : undefined
      return await this.prepareFiles(source, announced, folder, options, found)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const state = options.signal?.aborted === true ? 'cancelled' : 'refused'
      await this.context(announced.source, {}).inbox.giveUp(announced.deliveryId, state, reason)
      throw error
    }
  }

  async deliver({ deliveryId, source }: Announced, prepared: Prepared): Promise<DeliveryStatus> {
    const state = stateFolder(this.configuration, source)
    return deliver({ inbox: this.context(source, {}).inbox, deliveryId, prepared, state, source })
  }

  async giveUp(announced: Announced, reason: string): Promise<DeliveryStatus> {
    return this.context(announced.source, {}).inbox.giveUp(announced.deliveryId, 'cancelled', reason)
  }

  async delivery(deliveryId: string): Promise<DeliveryStatus | undefined> {
    return this.context('', {}).inbox.status(deliveryId)
  }

  /** A source of which files are delivered. */
  #delivered(name: string): Source {
    const source = this.source(name)
    if (source.table === true) throw new OpenTableError(name)
    return source
  }

  protected source(name: string): Source {
    const source = this.configuration.sources.get(name)
    if (source === undefined) throw new UnknownSourceError(name, [...this.configuration.sources.keys()])
    return source
  }

  protected async prepareFiles(
    source: Source,
    { mode, base, notes = [] }: Pick<Announced, 'mode' | 'base' | 'notes'>,
    folder: string,
    options: SourceOptions,
    exported?: Exported,
  ): Promise<Prepared> {
    const prepared = await prepareSource({
      model: this.configuration.model,
      source: options.folder === undefined ? source : { ...source, folder: resolve(options.folder) },
      exported,
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

  /** Where an incremental turns out to be impossible and was not asked for by name, a complete takes its place. */
  protected async orComplete<T>(decision: Decision, work: (decision: Decision) => Promise<T>): Promise<T> {
    try {
      return await work(decision)
    } catch (error) {
      const impossible = error instanceof BrokenReferenceError || error instanceof IncrementalRefusedError
      if (!impossible || decision.mode !== 'incremental' || !decision.auto) throw error
      return await work(completeBecause(error.message))
    }
  }

  async #export(name: string, options: SourceOptions = {}): Promise<DecidedExport> {
    const source = this.#delivered(name)
    const context = this.context(name, options)
    return alone(this.configuration, name, async () => {
      const aside = await this.setBrokenAside(source)
      const ahead = await this.ahead(name)
      return runExport(
        context,
        source,
        withNotes(await decideMode(context, source, { ...options, ahead }), aside),
        options,
        ahead,
      )
    })
  }

  async #prepareOutbox(name: string, options: SourceOptions = {}): Promise<PreparedStage> {
    const source = this.#delivered(name)
    const context = this.context(name, options)
    return alone(this.configuration, name, async () => {
      const aside = await this.setBrokenAside(source)
      const ahead = await this.ahead(name)
      const decision = withNotes(await decideMode(context, source, { ...options, ahead }), aside)
      return this.orComplete(decision, async (decided) => {
        const found = await findExport(context, source, decided, options, ahead)
        const outgoing = await fillOutbox(context, source, found.decision, found.exported, options)
        return { ...outgoing, folder: outboxFolder(this.configuration.workFolder, name) }
      })
    })
  }

  async #deliverOutbox(name: string, options: DeliverOptions = {}): Promise<OutboxOutcome> {
    const source = this.#delivered(name)
    return alone(this.configuration, name, () =>
      emptyOutbox(this.context(name, options), source, { ...options, renew: true }),
    )
  }

  /** What a report shall say of notes in the outbox that nobody can read any more. */
  protected setBrokenAside({ name }: Source): Promise<readonly string[]> {
    return setBrokenAside(this.configuration.workFolder, name, stateFolder(this.configuration, name))
  }

  /** What waits in the outbox, for what comes next to stand on. */
  protected ahead(source: string): Promise<readonly QueuedDelivery[]> {
    return readQueue(this.configuration.workFolder, source)
  }

  async #queue(name: string): Promise<readonly Outgoing[]> {
    return (await this.ahead(this.source(name).name)).map(({ delivery }) => delivery)
  }
}
