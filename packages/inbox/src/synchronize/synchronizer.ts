/**
 * Synchronizes the deliveries of a source's queue, one after the other, each in one run of the engine.
 *
 * @module
 */
import { join } from 'node:path'
import {
  byForce,
  type Decision,
  type Edited,
  type EditOptions,
  type Engine,
  findChangedMappings,
  nothingToSettle,
  type OnRunClosed,
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
import {
  ConnectionLostError,
  type Database,
  type Repository,
  type Session,
  sourceLock,
} from '@sluice/repository'
import {
  BrokenChainError,
  InitialRefusedError,
  ReadOtherwiseError,
  UnknownDeliverySourceError,
} from '../queue/delivery-errors.ts'
import {
  nextDelivery,
  type QueueLength,
  queueLengths,
  runnableDeliveries,
  sourcesWithWork,
  waitingDeliveries,
} from '../queue/queue.ts'
import type { QueuedDelivery } from '../queue/queued-delivery.ts'
import { holdsResources, readChain } from '../queue/read-chain.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'
import type { ServerInbox } from '../upload/server-inbox.ts'
import { makeWay } from './make-way.ts'
import { type OpenTables, openTables } from './open-tables.ts'
import { settleLeftAtWork } from './put-aside.ts'
import { type DeliveryRun, runOf } from './run-of-delivery.ts'
import type { Runner } from './run-of-table.ts'
import { settleDelivery } from './settle-delivery.ts'
import { WorkMarks } from './work-marks.ts'

export interface SynchronizerOptions {
  readonly repository: Pick<Repository, 'database'>
  readonly configuration: Configuration
  /** Of a server: where deliveries arrive (`inbox` in the work folder when absent), and how large they may be. */
  readonly inbox?:
    | { readonly folder?: string | undefined; readonly deliverySize?: number | undefined }
    | undefined
}

export interface SynchronizeOptions {
  /** Of an open table: who makes its run happen, and who wants it. */
  readonly by?: RunBy | undefined
  readonly runner?: Runner | undefined
  /** Past the thresholds; a run that is held already is applied too. */
  readonly force?: boolean | undefined
  /** Takes at most so many deliveries from the queue; all that are ready when absent. */
  readonly limit?: number | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Of a server: a run that is asked to stop, or that loses the database, leaves its delivery in the queue for
   * the next process; otherwise the delivery is over and a fresh export takes its place.
   */
  readonly requeue?: boolean | undefined
  /** Of a server: it was asked to stop, and what is at work may still end. A death after that is not its delivery's. */
  readonly stopping?: AbortSignal | undefined
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
    settlementOf: (origin) =>
      origin.delivery === null
        ? nothingToSettle
        : settleDelivery(origin, {
            discard: (delivery) => inbox.discard(delivery),
            begun: (delivery) => marks.set(delivery),
            onClosed,
          }),
    onClosed,
  })
  const settleLeft = (source: string) => settleLeftAtWork({ database, marks, onClosed }, source)
  const tables = openTables({ database, configuration, engine, settleLeft })
  return new QueueSynchronizer({ database, configuration, inbox, marks, engine, tables, onClosed })
}

interface Parts {
  readonly database: Database
  readonly configuration: Configuration
  readonly inbox: FolderInbox
  readonly marks: WorkMarks
  readonly engine: Engine
  readonly tables: OpenTables
  readonly onClosed: OnRunClosed
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
    const done = await database.exclusively(sourceLock(source), () => this.#workQueue(source, options))
    if (done === undefined) throw new SourceAtWorkError(source)
    return done.result
  }

  async #workQueue(source: string, options: SynchronizeOptions): Promise<readonly RunReport[]> {
    if (!this.#parts.configuration.sources.has(source)) throw new UnknownDeliverySourceError(source)
    const reports: RunReport[] = [...(await settleLeftAtWork(this.#parts, source))]
    const limit = options.limit ?? Number.POSITIVE_INFINITY
    while (reports.length < limit) {
      // What was applied already is reported, whatever is asked meanwhile.
      if (reports.length > 0 && options.signal?.aborted === true) break
      options.signal?.throwIfAborted()
      const step = await this.#synchronizeNext(source, options)
      if (step === 'stop') break
      if (step !== 'again') reports.push(step)
    }
    return reports
  }

  /** Synchronizes the first delivery of the queue: a report, `again` when it left without one, or `stop`. */
  async #synchronizeNext(source: string, options: SynchronizeOptions): Promise<RunReport | 'again' | 'stop'> {
    const { database, inbox, marks, engine, configuration } = this.#parts
    const next = await database.session((session) => nextDelivery(session, source))
    if (next === undefined || next.state === 'announced') return 'stop'
    if (next.state === 'held') return await this.#handleHeld(next, options)
    if (next.state === 'aside') return (await makeWay(this.#parts, next)) ? 'again' : 'stop'
    await inbox.checkPlace()
    const refusal = await database.session((session) => this.#refusalOf(session, next))
    if (refusal !== undefined) {
      return (await inbox.refuse(next, refusal)) ? 'again' : 'stop'
    }
    const { force: forced, signal, requeue } = options
    const of = runOf(configuration, deliveryRun(next, inbox.folderOf(next.id)), options.onProgress)
    const work = () => engine.run({ ...of, forced, signal, requeue })
    return (await marks.during(next.id, askedToStop(options), work, endsTheDatabase(database))) ?? 'again'
  }

  /** A held delivery stops the queue, unless it is forced or a later complete takes its place. */
  async #handleHeld(
    held: QueuedDelivery,
    options: SynchronizeOptions,
  ): Promise<RunReport | 'again' | 'stop'> {
    const { run } = held
    const { engine } = this.#parts
    if (run === null) return 'stop'
    if (options.force === true) {
      const approved = await engine.approve(run, { by: byForce })
      // When the repository moved meanwhile, the delivery waits again and is taken next.
      return approved.moved ? 'again' : approved.report
    }
    return (await makeWay(this.#parts, held)) ? 'again' : 'stop'
  }

  /** Why a delivery does not fit what is stored. */
  async #refusalOf(
    session: Session,
    { source, mode, base }: QueuedDelivery,
  ): Promise<SluiceError | undefined> {
    const { configuration } = this.#parts
    if (mode === 'initial' && (await holdsResources(session, configuration, source))) {
      return new InitialRefusedError(source)
    }
    if (mode !== 'incremental') return undefined
    const { appliedDelivery } = await readChain(session, configuration, source)
    if (base === null || base !== appliedDelivery) return new BrokenChainError(source, base, appliedDelivery)
    return await this.#otherReading(session, source)
  }

  /** Rows that are stored, and do not come again in an incremental, were read otherwise than they would be now. */
  async #otherReading(session: Session, name: string): Promise<SluiceError | undefined> {
    const { sources, model } = this.#parts.configuration
    const source = sources.get(name)
    if (source === undefined) return undefined
    const { notes, added } = await findChangedMappings(session, source, model)
    const why = [...notes.values(), ...added.map((mapping) => `The mapping of ${mapping} is new.`)]
    return why.length === 0 ? undefined : new ReadOtherwiseError(name, why)
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
    const { configuration, tables } = this.#parts
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

function askedToStop({ signal, stopping }: SynchronizeOptions): AbortSignal {
  return AbortSignal.any([signal, stopping].filter((one) => one !== undefined))
}

/** A database in this process does not come back: what ended it has ended the process, for all that is worked on here. */
function endsTheDatabase({ kind }: Database): (error: unknown) => boolean {
  return (error) => kind === 'pglite' && error instanceof ConnectionLostError
}

const nobody: RunBy = { kind: 'program', name: 'sluice' }

function deliveryRun(delivery: QueuedDelivery, folder: string): DeliveryRun {
  const { id, source, mode, by, manifest, receiveMilliseconds } = delivery
  if (manifest === null) throw new Error(`Delivery ${id} is ready without a manifest.`)
  return { delivery: id, source, mode, by, folder, manifest, receiveMilliseconds }
}
