/**
 * The synchronizer of a repository: its inbox, its engine and what works on them, put together.
 *
 * @module
 */
import { join } from 'node:path'
import {
  type ClosedRun,
  type Deciding,
  type Decision,
  type Edited,
  type EditOptions,
  nothingToSettle,
  type OnRunClosed,
  openEngine,
  type PlannedEdit,
  type PlannedRevert,
  type PlanResult,
  type RetryOptions,
  type Sessions,
  sweepKept,
  type TestRowsRequest,
  type WantedAction,
} from '@sluice/engine'
import type {
  Change,
  ChangedProperty,
  ChangesOptions,
  ChangesPage,
  ChangesPageOptions,
  DeliveryMode,
  Distinct,
  EditRequest,
  ListedDuplicates,
  MatchedRow,
  NewDecision,
  NewOrder,
  OrderRecord,
  RevertRequest,
  RunBy,
  RunReport,
  SluiceError,
  TestedRow,
} from '@sluice/model'
import { notifyOfRuns } from '@sluice/notify'
import { manifestSchema } from '@sluice/protocol'
import { matchesOf, sourceLock } from '@sluice/repository'
import {
  type QueueLength,
  queueLengths,
  runnableDeliveries,
  sourcesWithWork,
  type WaitingSource,
  waitingDeliveries,
} from '../queue/queue.ts'
import { FolderInbox } from '../upload/folder-inbox.ts'
import { type PlanFiles, planFilesIn } from '../upload/plan-files.ts'
import type { ServerInbox } from '../upload/server-inbox.ts'
import { type ActedOn, actOnReplicas } from './act-on-replicas.ts'
import { overtakingAgeing, type SourceAgeing, sourceAgeing } from './age-sources.ts'
import { carryOutDecisions } from './carry-out-decisions.ts'
import { type OpenTables, openTables } from './open-tables.ts'
import { settleLeftAtWork } from './put-aside.ts'
import { type SourceRemovals, settleRemoval, sourceRemovals } from './remove-source.ts'
import { rootEvaluation } from './root-evaluation.ts'
import { runOf } from './run-of-delivery.ts'
import { settleDelivery } from './settle-delivery.ts'
import { type SourceRoots, sourceRoots } from './source-roots.ts'
import type {
  DecidedMatches,
  DuplicatesOptions,
  PlanOptions,
  PreparedDelivery,
  SynchronizeOptions,
  Synchronizer,
  SynchronizerOptions,
} from './synchronizer.ts'
import { SourceAtWorkError } from './synchronizer.ts'
import { WorkMarks } from './work-marks.ts'
import { type QueueParts, workQueue } from './work-queue.ts'

export function openSynchronizer({
  repository,
  configuration,
  inbox: of,
  parallelWorkers,
}: SynchronizerOptions): Synchronizer {
  const { database } = repository
  const folder = of?.folder ?? join(configuration.workFolder, 'inbox')
  const notify = notifyOfRuns(configuration)
  const listeners: ((closed: ClosedRun) => void)[] = []
  const onClosed: OnRunClosed = async (session, closed) => {
    await notify(session, closed)
    for (const listener of listeners) listener(closed)
  }
  const inbox = new FolderInbox({
    database,
    configuration,
    folder,
    deliverySize: of?.deliverySize,
    quota: of?.quota,
    onClosed,
  })
  const marks = new WorkMarks((delivery) => inbox.folderOf(delivery))
  const engine = openEngine({
    repository,
    configuration,
    parallelWorkers,
    evaluationOf: rootEvaluation(configuration),
    settlementOf: (origin) => {
      const discard = (delivery: string) => inbox.discard(delivery)
      if (origin.cause === 'removal') return settleRemoval(origin, { database, discard })
      if (origin.delivery === null) return nothingToSettle
      const source = configuration.sources.get(origin.source ?? '')
      const begun = (delivery: string) => marks.set(delivery)
      return settleDelivery(origin, { discard, begun, overtake: overtakingAgeing(source), onClosed })
    },
    onClosed,
  })
  const settleLeft = (source: string) => settleLeftAtWork({ database, marks, onClosed }, source)
  const tables = openTables({ database, configuration, engine, settleLeft })
  const removals = sourceRemovals({ database, engine, settleLeft })
  const ageing = sourceAgeing({ database, configuration, engine, settleLeft })
  const roots = sourceRoots({ database, configuration, engine })
  const plans = planFilesIn(folder, of?.deliverySize)
  return new QueueSynchronizer({
    database,
    configuration,
    inbox,
    plans,
    marks,
    engine,
    tables,
    removals,
    ageing,
    roots,
    listeners,
    onClosed,
    settleLeft,
  })
}

interface Parts extends QueueParts {
  readonly settleLeft: (source: string) => Promise<unknown>
  readonly plans: PlanFiles
  readonly tables: OpenTables
  readonly removals: SourceRemovals
  readonly ageing: SourceAgeing
  readonly roots: SourceRoots
  readonly listeners: ((closed: ClosedRun) => void)[]
}

class QueueSynchronizer implements Synchronizer {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  listen(listener: (closed: ClosedRun) => void): void {
    this.#parts.listeners.push(listener)
  }

  get inbox(): ServerInbox {
    return this.#parts.inbox
  }

  get plans(): PlanFiles {
    return this.#parts.plans
  }

  get tables(): OpenTables {
    return this.#parts.tables
  }

  get removals(): SourceRemovals {
    return this.#parts.removals
  }

  get ageing(): SourceAgeing {
    return this.#parts.ageing
  }

  get roots(): SourceRoots {
    return this.#parts.roots
  }

  async waitingSources(): Promise<readonly WaitingSource[]> {
    const { database, configuration } = this.#parts
    const waiting = await database.session(sourcesWithWork)
    return waiting.filter(({ source }) => configuration.sources.has(source))
  }

  async queueLengths(): Promise<readonly QueueLength[]> {
    return await this.#parts.database.session(queueLengths)
  }

  async expireDeliveries(milliseconds: number): Promise<number> {
    const expired = await this.#parts.inbox.expire(milliseconds)
    await this.#parts.inbox.sweep()
    await this.#parts.plans.sweep(milliseconds)
    await sweepKept(this.#parts.database)
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
    // Of a folder nobody else could have read.
    if (database.kind === 'postgres') await sweepKept(database)
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
    { sample = 3, by = nobody, summed, onProgress, signal }: PlanOptions = {},
  ): Promise<PlanResult> {
    const { configuration, engine } = this.#parts
    const checked = manifestSchema.parse(manifest)
    const of = { delivery: null, source, mode, by, folder, manifest: checked, receiveMilliseconds: 0 }
    return await engine.plan({ ...runOf(configuration, of, onProgress), sample, summed, signal })
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

  async revert(request: RevertRequest, options: EditOptions): Promise<RunReport> {
    return await this.#parts.engine.revert(request, options)
  }

  async planRevert(
    request: RevertRequest,
    { sample = 3, ...options }: EditOptions & { readonly sample?: number | undefined },
  ): Promise<PlannedRevert> {
    return await this.#parts.engine.planRevert(request, { ...options, sample })
  }

  async retry(run: number, options: RetryOptions): Promise<RunReport> {
    return await this.#parts.engine.retry(run, options)
  }

  async planRetry(
    run: number,
    { sample = 3, ...options }: RetryOptions & { readonly sample?: number | undefined },
  ): Promise<PlanResult> {
    return await this.#parts.engine.planRetry(run, { ...options, sample })
  }

  changes(run: number, options: ChangesOptions = {}, through?: Sessions): AsyncIterable<Change> {
    return this.#parts.engine.changes(run, options, through)
  }

  async changesPage(run: number, options: ChangesPageOptions, through?: Sessions): Promise<ChangesPage> {
    return await this.#parts.engine.changesPage(run, options, through)
  }

  async changedProperties(run: number, through?: Sessions): Promise<readonly ChangedProperty[]> {
    return await this.#parts.engine.changedProperties(run, through)
  }

  async approve(
    run: number,
    decision: Decision,
  ): Promise<{ readonly report: RunReport; readonly moved: boolean }> {
    const approved = await this.#parts.engine.approve(run, decision)
    if (!approved.moved) return approved
    const { source } = approved
    if (source === null) return { report: await this.#parts.engine.editAgain(run), moved: true }
    const { configuration, tables, removals, ageing } = this.#parts
    const other = (await removals.computeAgain(run)) ?? (await ageing.computeAgain(run))
    if (other !== undefined) return { report: other, moved: true }
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

  async duplicates(
    entityType: string,
    { by, limit = 100, cursor }: DuplicatesOptions = {},
    through?: Sessions,
  ): Promise<readonly ListedDuplicates[]> {
    return await this.#parts.engine.duplicates(entityType, { by, limit, cursor }, through)
  }

  async sayDistinct(distinct: Distinct, by: RunBy): Promise<number> {
    return await this.#parts.engine.sayDistinct(distinct, by)
  }

  async takeBackDistinct(distinct: Pick<Distinct, 'type' | 'resources'>): Promise<number> {
    return await this.#parts.engine.takeBackDistinct(distinct)
  }

  async actOnReplicas(wanted: WantedAction, by: RunBy): Promise<ActedOn> {
    const done = await actOnReplicas(this.#parts, wanted, by)
    if (done === undefined) throw new SourceAtWorkError(wanted.source)
    return done
  }

  async cancelOrder(order: string): Promise<readonly OrderRecord[]> {
    return await this.#parts.engine.cancelOrder(order)
  }

  async decideMatches(decisions: readonly NewDecision[], deciding: Deciding): Promise<DecidedMatches> {
    await this.#parts.engine.decideMatches(decisions, deciding)
    return await this.#carriedOut(decisions, deciding)
  }

  async undoMatches(rows: readonly MatchedRow[], deciding: Deciding): Promise<DecidedMatches> {
    await this.#parts.engine.undoMatches(rows)
    return await this.#carriedOut(rows, deciding)
  }

  async testRows(request: TestRowsRequest): Promise<readonly TestedRow[]> {
    return await this.#parts.engine.testRows(request)
  }

  async #carriedOut(rows: readonly MatchedRow[], { by, comment }: Deciding): Promise<DecidedMatches> {
    const { database } = this.#parts
    const reports: RunReport[] = []
    for (const source of new Set(rows.map((row) => row.source))) {
      const count = rows.filter((row) => row.source === source).length
      const report = await carryOutDecisions(this.#parts, source, { by, comment, rows: count })
      if (report !== undefined) reports.push(report)
    }
    const keys = rows.map(({ source, entityType, key }) => ({ source, entityType, key }))
    return { matches: await database.session((session) => matchesOf(session, keys)), reports }
  }
}

const nobody: RunBy = { kind: 'program', name: 'sluice' }
