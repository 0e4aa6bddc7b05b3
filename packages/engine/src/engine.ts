/**
 * The engine: works a source's queue of deliveries, one after the other, each in one transaction.
 *
 * @module
 */
import { join } from 'node:path'
import {
  type Change,
  type ChangesOptions,
  type Configuration,
  type DeliveryMode,
  type OnProgress,
  type RunReport,
  SluiceError,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { type Repository, type Session, sourceLock } from '@sluice/repository'
import { approveHeldRun, byForce, rejectHeldRun, replaceHeldRun } from './decide-held-run.ts'
import { type EngineContext, sourceIdOf } from './engine-context.ts'
import { RunNotHeldError } from './held-runs.ts'
import { type PlanResult, planDelivery } from './plan-delivery.ts'
import { allChanges, appliedChanges, sampleApplied, sampleChanges } from './read-changes.ts'
import { BrokenChainError, InitialRefusedError } from './receive/errors.ts'
import { FolderInbox } from './receive/folder-inbox.ts'
import {
  nextDelivery,
  type QueuedDelivery,
  type QueueLength,
  queueLengths,
  sourcesWithWork,
  waitingDeliveries,
} from './receive/queue.ts'
import { holdsResources, readChain } from './receive/read-chain.ts'
import type { ServerInbox } from './receive/server-inbox.ts'
import { runDelivery } from './run-delivery.ts'
import { markInterrupted } from './run-record.ts'
import { changeSetSchema } from './terms/change-set.ts'

export interface EngineOptions {
  readonly repository: Repository
  readonly configuration: Configuration
  readonly onProgress?: OnProgress | undefined
  /** Of a server: where deliveries arrive (`inbox` in the work folder when absent), and how large they may be. */
  readonly inbox?:
    | { readonly folder?: string | undefined; readonly deliverySize?: number | undefined }
    | undefined
}

export interface SynchronizeOptions {
  /** Past the thresholds; a run that is held already is applied too. */
  readonly force?: boolean | undefined
  /** Takes at most so many deliveries from the queue; all that are ready when absent. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Of a server: a run that is asked to stop, or that loses the database, leaves its delivery in the queue for
   * the next process; otherwise the delivery is over and a fresh export takes its place.
   */
  readonly requeue?: boolean | undefined
}

interface PlanOptions {
  /** Changes shown of each operation of each entity type and association; 3 when absent. */
  readonly sample?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Engine {
  readonly inbox: ServerInbox
  /** Sources whose queue can go on (their first delivery is ready), the one that waits longest first. */
  waitingSources(): Promise<readonly string[]>
  /** How long the queue of every source is. */
  queueLengths(): Promise<readonly QueueLength[]>
  /** Gives up deliveries that were announced and of which nothing was heard for so long; returns how many. */
  expireDeliveries(milliseconds: number): Promise<number>
  /** Gives up deliveries whose process died before they were worked on; an embedded agent does so first. */
  giveUpWaiting(source: string, reason: string): Promise<number>
  /** Works the source's queue to its end, or to the first delivery that waits or is held. */
  synchronize(source: string, options?: SynchronizeOptions): Promise<readonly RunReport[]>
  /** What a delivery would do; everything it computes is rolled back. */
  plan(
    source: string,
    mode: DeliveryMode,
    prepared: { readonly folder: string; readonly manifest: Manifest },
    options?: PlanOptions,
  ): Promise<PlanResult>
  /** The changes of a held or applied run. */
  changes(run: number, options?: ChangesOptions): AsyncIterable<Change>
  /** Applies a held change set as it stands; when the repository moved, computes it again and holds that. */
  approve(run: number, decision: { readonly by: string }): Promise<{ report: RunReport; moved: boolean }>
  reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport>
}

/** SLUICE-RUN-02: another process is working on this source at the moment. */
export class SourceAtWorkError extends SluiceError {
  readonly code = 'SLUICE-RUN-02'
  readonly blame = 'usage'

  constructor(source: string) {
    super(`Source ${source} is being synchronized by another process.`, {
      remedy: 'Wait until it is done, then run again.',
    })
  }
}

export function openEngine({ repository, configuration, onProgress, inbox: of }: EngineOptions): Engine {
  const { database } = repository
  const folder = of?.folder ?? join(configuration.workFolder, 'inbox')
  const inbox = new FolderInbox({ database, configuration, folder, deliverySize: of?.deliverySize })
  return new QueueEngine({ database, configuration, inbox, onProgress: onProgress ?? (() => undefined) })
}

class QueueEngine implements Engine {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  get inbox(): ServerInbox {
    return this.#context.inbox
  }

  async waitingSources(): Promise<readonly string[]> {
    const { database, configuration } = this.#context
    const names = await database.session(sourcesWithWork)
    return names.filter((name) => configuration.sources.has(name))
  }

  async queueLengths(): Promise<readonly QueueLength[]> {
    return await this.#context.database.session(queueLengths)
  }

  async expireDeliveries(milliseconds: number): Promise<number> {
    const expired = await this.#context.inbox.expire(milliseconds)
    await this.#context.inbox.sweep()
    return expired
  }

  async giveUpWaiting(source: string, reason: string): Promise<number> {
    const waiting = await this.#context.database.session((session) => waitingDeliveries(session, source))
    if (waiting.length > 0) await this.#context.inbox.checkPlace()
    for (const { id } of waiting) await this.#context.inbox.giveUp(id, 'cancelled', reason)
    await this.#context.inbox.sweep()
    return waiting.length
  }

  async synchronize(source: string, options: SynchronizeOptions = {}): Promise<readonly RunReport[]> {
    const { database } = this.#context
    const done = await database.exclusively(sourceLock(source), () => this.#workQueue(source, options))
    if (done === undefined) throw new SourceAtWorkError(source)
    return done.result
  }

  async #workQueue(source: string, options: SynchronizeOptions): Promise<readonly RunReport[]> {
    const sourceId = await sourceIdOf(this.#context, source)
    await this.#context.database.session((session) => markInterrupted(session, sourceId))
    const reports: RunReport[] = []
    const limit = options.limit ?? Number.POSITIVE_INFINITY
    while (reports.length < limit) {
      // What was applied already is reported, whatever is asked meanwhile.
      if (reports.length > 0 && options.signal?.aborted === true) break
      options.signal?.throwIfAborted()
      const step = await this.#workNext(source, sourceId, options)
      if (step === 'stop') break
      if (step !== 'again') reports.push(step)
    }
    return reports
  }

  /** Works on the first delivery of the queue: a report, `again` when it left without one, or `stop`. */
  async #workNext(
    source: string,
    sourceId: number,
    options: SynchronizeOptions,
  ): Promise<RunReport | 'again' | 'stop'> {
    const { database, inbox } = this.#context
    const next = await database.session((session) => nextDelivery(session, source))
    if (next === undefined || next.state === 'announced') return 'stop'
    if (next.state === 'held') return await this.#workHeld(next, options)
    await inbox.checkPlace()
    const refusal = await database.session((session) => this.#refusalOf(session, next))
    if (refusal !== undefined) {
      return (await inbox.refuse(next, refusal)) ? 'again' : 'stop'
    }
    return (await runDelivery(this.#context, next, sourceId, options)) ?? 'again'
  }

  /** A held delivery stops the queue, unless it is forced or a later complete takes its place. */
  async #workHeld(held: QueuedDelivery, options: SynchronizeOptions): Promise<RunReport | 'again' | 'stop'> {
    const { run } = held
    if (run === null) return 'stop'
    if (options.force === true) {
      const approved = await approveHeldRun(this.#context, run, byForce)
      // When the repository moved meanwhile, the delivery waits again and is taken next.
      return approved.moved ? 'again' : approved.report
    }
    return (await replaceHeldRun(this.#context, held, run)) ? 'again' : 'stop'
  }

  /** Why a delivery does not fit what is stored. */
  async #refusalOf(
    session: Session,
    { source, mode, base }: QueuedDelivery,
  ): Promise<SluiceError | undefined> {
    if (mode === 'initial' && (await holdsResources(session, this.#context.configuration, source))) {
      return new InitialRefusedError(source)
    }
    if (mode !== 'incremental') return undefined
    const { appliedDelivery } = await readChain(session, this.#context.configuration, source)
    const fits = base !== null && base === appliedDelivery
    return fits ? undefined : new BrokenChainError(source, base, appliedDelivery)
  }

  async plan(
    source: string,
    mode: DeliveryMode,
    prepared: { readonly folder: string; readonly manifest: Manifest },
    options: PlanOptions = {},
  ): Promise<PlanResult> {
    return await planDelivery(this.#context, {
      source,
      mode,
      prepared,
      sample: options.sample ?? 3,
      signal: options.signal,
    })
  }

  async *changes(run: number, options: ChangesOptions = {}): AsyncIterable<Change> {
    const { database, configuration } = this.#context
    const read = <T>(work: (session: Session) => Promise<T>) => database.session(work)
    const { rows } = await read((session) =>
      session.query<{ state: string; change_set: unknown }>(
        'select state, change_set from sluice_run where run_id = $1',
        [run],
      ),
    )
    const row = rows[0]
    if (row === undefined) throw new RunNotHeldError(run, undefined)
    const { model } = configuration
    const held = row.state === 'held' ? changeSetSchema.parse(row.change_set) : undefined
    const { sample } = options
    if (sample !== undefined) {
      yield* await read((session) =>
        held
          ? sampleChanges(session, model, held, sample, options)
          : sampleApplied(session, model, run, sample, options),
      )
      return
    }
    const source = held ? allChanges(read, model, held, options) : appliedChanges(read, model, run, options)
    let count = 0
    for await (const change of source) {
      if (options.limit !== undefined && count >= options.limit) return
      count += 1
      yield change
    }
  }

  async approve(
    run: number,
    decision: { readonly by: string },
  ): Promise<{ readonly report: RunReport; readonly moved: boolean }> {
    const approved = await approveHeldRun(this.#context, run, decision.by)
    if (!approved.moved) return approved
    const [report] = await this.synchronize(approved.source)
    if (report === undefined) throw new Error(`The delivery of run ${run} was not computed again.`)
    return { report, moved: true }
  }

  async reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport> {
    return await rejectHeldRun(this.#context, run, decision)
  }
}
