/**
 * Everything that brings a repository up to its sources, and what people change beside them: over one inbox, one engine.
 *
 * @module
 */
import { join } from 'node:path'
import {
  type Decision,
  type Edited,
  type EditOptions,
  nothingToSettle,
  openEngine,
  type PlannedEdit,
  type PlanResult,
} from '@sluice/engine'
import {
  AnsweredError,
  type Change,
  type ChangesOptions,
  type Configuration,
  type DeliveryMode,
  type EditRequest,
  type NewOrder,
  type OnProgress,
  type OrderRecord,
  type RunBy,
  type RunReport,
  type SluiceError,
} from '@sluice/model'
import { notifyOfExports, notifyOfRuns } from '@sluice/notify'
import { type Manifest, manifestSchema } from '@sluice/protocol'
import { type Repository, sourceLock } from '@sluice/repository'
import {
  type QueueLength,
  queueLengths,
  runnableDeliveries,
  sourcesWithWork,
  waitingDeliveries,
} from '../queue/queue.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'
import type { ServerInbox } from '../upload/server-inbox.ts'
import { type OpenTables, openTables } from './open-tables.ts'
import { settleLeftAtWork } from './put-aside.ts'
import { type SourceRemovals, settleRemoval, sourceRemovals } from './remove-source.ts'
import { runOf } from './run-of-delivery.ts'
import type { Runner } from './run-of-table.ts'
import { settleDelivery } from './settle-delivery.ts'
import { WorkMarks } from './work-marks.ts'
import { type QueueParts, type WorkOptions, workQueue } from './work-queue.ts'

export interface SynchronizerOptions {
  readonly repository: Pick<Repository, 'database'>
  readonly configuration: Configuration
  /** Of a server: where deliveries arrive (`inbox` in the work folder when absent), and how large they may be. */
  readonly inbox?:
    | { readonly folder?: string | undefined; readonly deliverySize?: number | undefined }
    | undefined
}

export interface SynchronizeOptions extends WorkOptions {
  /** Of an open table: who makes its run happen, and who wants it. */
  readonly by?: RunBy | undefined
  readonly runner?: Runner | undefined
}

export interface PlanOptions {
  /** Who asks. */
  readonly by?: RunBy | undefined
  /** Changes shown of each operation of each entity type and association; 3 when absent. */
  readonly sample?: number | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** A delivery that is not in the queue. */
export interface PreparedDelivery {
  readonly folder: string
  readonly manifest: Manifest
}

export interface Synchronizer {
  readonly inbox: ServerInbox
  /** Sources whose rows stand in tables, and of which no delivery comes. */
  readonly tables: OpenTables
  /** Takes sources away. */
  readonly removals: SourceRemovals
  /** Sources whose queue can go on (their first delivery is ready), the one that waits longest first. */
  waitingSources(): Promise<readonly string[]>
  /** How long the queue of every source is. */
  queueLengths(): Promise<readonly QueueLength[]>
  /** Gives up deliveries that were announced and of which nothing was heard for so long; returns how many. */
  expireDeliveries(milliseconds: number): Promise<number>
  /** Gives up deliveries whose files are not in the inbox any more; what is to be said of each. */
  giveUpMissing(): Promise<readonly SluiceError[]>
  /** Gives up deliveries whose process died before a run took them; an embedded agent does so first. */
  giveUpWaiting(source: string, reason: string): Promise<number>
  /**
   * Synchronizes the source's queue to its end, or to the first delivery that waits, is held or was put aside. The reports of
   * its runs, and of what is put aside now. An open table is run once, on what stands in it; other runs of it are waited for.
   */
  synchronize(source: string, options?: SynchronizeOptions): Promise<readonly RunReport[]>
  /** What a delivery would do; everything it computes is rolled back. */
  plan(
    source: string,
    mode: DeliveryMode,
    prepared: PreparedDelivery,
    options?: PlanOptions,
  ): Promise<PlanResult>
  /** Changes what people ask for, all of it or nothing, in a run of its own. */
  edit(request: EditRequest, options: EditOptions): Promise<Edited>
  /** What that would do; everything it computes is rolled back. */
  planEdit(
    request: EditRequest,
    options: EditOptions & { readonly sample?: number | undefined },
  ): Promise<PlannedEdit>
  /** The changes of a held or applied run. */
  changes(run: number, options?: ChangesOptions): AsyncIterable<Change>
  /** Applies a held change set as it stands; when the repository moved, computes it again and holds that. */
  approve(run: number, decision: Decision): Promise<{ report: RunReport; moved: boolean }>
  reject(run: number, decision: Decision): Promise<RunReport>
  /** States what sources should say, all of it or nothing; all that the orders say. */
  stateOrders(orders: readonly NewOrder[], by: RunBy): Promise<readonly OrderRecord[]>
  /** Takes back all of an order that stands. */
  cancelOrder(order: string): Promise<readonly OrderRecord[]>
}

/** SLUICE-RUN-02: another process is working on this source at the moment. */
export class SourceAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-RUN-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor(source: string) {
    super(`Source ${source} is being synchronized by another process.`, {
      remedy: 'Wait until it is done, then run again.',
    })
  }
}

export function openSynchronizer({
  repository,
  configuration,
  inbox: of,
}: SynchronizerOptions): Synchronizer {
  const { database } = repository
  const folder = of?.folder ?? join(configuration.workFolder, 'inbox')
  const onClosed = notifyOfRuns(configuration)
  const inbox = new FolderInbox({
    database,
    configuration,
    folder,
    deliverySize: of?.deliverySize,
    onClosed,
    onExportFailed: notifyOfExports(configuration),
  })
  const marks = new WorkMarks((delivery) => inbox.folderOf(delivery))
  const engine = openEngine({
    repository,
    configuration,
    settlementOf: (origin) => {
      const discard = (delivery: string) => inbox.discard(delivery)
      if (origin.cause === 'removal') return settleRemoval(origin, { database, discard })
      if (origin.delivery === null) return nothingToSettle
      return settleDelivery(origin, { discard, begun: (delivery) => marks.set(delivery), onClosed })
    },
    onClosed,
  })
  const settleLeft = (source: string) => settleLeftAtWork({ database, marks, onClosed }, source)
  const tables = openTables({ database, configuration, engine, settleLeft })
  const removals = sourceRemovals({ database, engine, settleLeft })
  return new QueueSynchronizer({ database, configuration, inbox, marks, engine, tables, removals, onClosed })
}

interface Parts extends QueueParts {
  readonly tables: OpenTables
  readonly removals: SourceRemovals
}

class QueueSynchronizer implements Synchronizer {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get inbox(): ServerInbox {
    return this.#parts.inbox
  }

  get tables(): OpenTables {
    return this.#parts.tables
  }

  get removals(): SourceRemovals {
    return this.#parts.removals
  }

  async waitingSources(): Promise<readonly string[]> {
    const { database, configuration } = this.#parts
    const names = await database.session(sourcesWithWork)
    return names.filter((name) => configuration.sources.has(name))
  }

  async queueLengths(): Promise<readonly QueueLength[]> {
    return await this.#parts.database.session(queueLengths)
  }

  async expireDeliveries(milliseconds: number): Promise<number> {
    const expired = await this.#parts.inbox.expire(milliseconds)
    await this.#parts.inbox.sweep()
    return expired
  }

  async giveUpMissing(): Promise<readonly SluiceError[]> {
    const { database, inbox } = this.#parts
    const errors: SluiceError[] = []
    for (const delivery of await database.session(runnableDeliveries)) {
      const error = await inbox.refuseWithoutFiles(delivery)
      if (error !== undefined) errors.push(error)
    }
    return errors
  }

  async giveUpWaiting(source: string, reason: string): Promise<number> {
    const { database, inbox } = this.#parts
    const waiting = await database.session((session) => waitingDeliveries(session, source))
    if (waiting.length > 0) await inbox.checkPlace()
    // The last first: what builds on another is given up for this reason, not for that one's end.
    for (const { id } of waiting.toReversed()) await inbox.giveUp(id, 'cancelled', reason)
    await inbox.sweep()
    return waiting.length
  }

  async synchronize(source: string, options: SynchronizeOptions = {}): Promise<readonly RunReport[]> {
    const { database, configuration, tables } = this.#parts
    if (configuration.sources.get(source)?.table === true)
      return [await tables.synchronize(source, { ...options, by: options.by ?? nobody })]
    const done = await database.exclusively(sourceLock(source), () => workQueue(this.#parts, source, options))
    if (done === undefined) throw new SourceAtWorkError(source)
    return done.result
  }

  async plan(
    source: string,
    mode: DeliveryMode,
    { folder, manifest }: PreparedDelivery,
    { sample = 3, by = nobody, onProgress, signal }: PlanOptions = {},
  ): Promise<PlanResult> {
    const { configuration, engine } = this.#parts
    const checked = manifestSchema.parse(manifest)
    const of = { delivery: null, source, mode, by, folder, manifest: checked, receiveMilliseconds: 0 }
    return await engine.plan({ ...runOf(configuration, of, onProgress), sample, signal })
  }

  async edit(request: EditRequest, options: EditOptions): Promise<Edited> {
    return await this.#parts.engine.edit(request, options)
  }

  async planEdit(
    request: EditRequest,
    { sample = 3, ...options }: EditOptions & { readonly sample?: number | undefined },
  ): Promise<PlannedEdit> {
    return await this.#parts.engine.planEdit(request, { ...options, sample })
  }

  changes(run: number, options: ChangesOptions = {}): AsyncIterable<Change> {
    return this.#parts.engine.changes(run, options)
  }

  async approve(
    run: number,
    decision: Decision,
  ): Promise<{ readonly report: RunReport; readonly moved: boolean }> {
    const approved = await this.#parts.engine.approve(run, decision)
    if (!approved.moved) return approved
    const { source } = approved
    if (source === null) return { report: (await this.#parts.engine.editAgain(run)).report, moved: true }
    const { configuration, tables, removals } = this.#parts
    const removal = await removals.computeAgain(run)
    if (removal !== undefined) return { report: removal, moved: true }
    if (configuration.sources.get(source)?.table === true)
      return { report: await tables.computeAgain(source, run), moved: true }
    const [report] = await this.synchronize(source)
    if (report === undefined) throw new Error(`The delivery of run ${run} was not computed again.`)
    return { report, moved: true }
  }

  async reject(run: number, decision: Decision): Promise<RunReport> {
    return await this.#parts.engine.reject(run, decision)
  }

  async stateOrders(orders: readonly NewOrder[], by: RunBy): Promise<readonly OrderRecord[]> {
    return await this.#parts.engine.stateOrders(orders, by)
  }

  async cancelOrder(order: string): Promise<readonly OrderRecord[]> {
    return await this.#parts.engine.cancelOrder(order)
  }
}

const nobody: RunBy = { kind: 'program', name: 'sluice' }
