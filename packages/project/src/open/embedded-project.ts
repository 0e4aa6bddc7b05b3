/**
 * The project whose agent, inbox and engine are in this process.
 *
 * @module
 */

import {
  alone,
  type Decision,
  decideMode,
  emptyOutbox,
  lastDelivered,
  refuseSuspended,
  SourceBusyError,
  sendSource,
  stateFolder,
  wantsIncremental,
} from '@sluice/agent'
import type { DecidedMatches, WantedAction } from '@sluice/inbox'
import {
  type ActedOn,
  type DeliveryDecision,
  type DuplicatesOptions,
  openSource,
  type Synchronizer,
} from '@sluice/inbox'
import type {
  Change,
  ChangesOptions,
  Configuration,
  DeliveryRecord,
  Distinct,
  Edit,
  EditRequest,
  ListedDuplicates,
  MatchedRow,
  NewDecision,
  NewOrder,
  OrderRecord,
  PruneReport,
  RunBy,
  RunReport,
  ShownRoot,
  Source,
  WantedRoots,
} from '@sluice/model'
import { type Permission, permissions } from '@sluice/model'
import { notifyOfJobs, openNotifications } from '@sluice/notify'
import { prune, type Repository, type SharedTable } from '@sluice/repository'
import type { Plan } from '../sources/sources.ts'
import { applyPlan, type SendingOptions, sendOptions, type TermsOption, termsOf } from './apply-plan.ts'
import { explaining } from './explaining.ts'
import { type JobKeeper, keeperHere } from './job-keeper.ts'
import { leftNotes, withNotes } from './left-behind.ts'
import type {
  AgeOptions,
  ApplyPlanOptions,
  Approval,
  DecidingOptions,
  Edited,
  EditingOptions,
  LoadOptions,
  LoadOutcome,
  LoadRequest,
  OrderOptions,
  PlannedEdit,
  PlannedRevert,
  PruneOptions,
  RetryOptions,
  RevertOptions,
  SyncOptions,
} from './options.ts'
import { PlanningProject } from './planning-project.ts'
import type { LocalProject } from './project.ts'
import { DeliveryOvertakenError, IncrementalRefusedError } from './project-errors.ts'
import { pruneFiles, together } from './prune-files.ts'
import type { SavedPlan } from './saved-plan.ts'
import { sendAtEnd } from './send-at-end.ts'
import type { SynchronizeOptions } from './stages.ts'

export class EmbeddedProject extends PlanningProject implements LocalProject {
  readonly repository: Repository
  readonly jobs: JobKeeper

  /** `by`: who makes runs happen, unless a call names somebody else. */
  constructor(configuration: Configuration, repository: Repository, synchronizer: Synchronizer, by: RunBy) {
    super(configuration, synchronizer, by)
    this.jobs = keeperHere(repository, notifyOfJobs(configuration))
    this.repository = explaining(repository, async () => synchronizer.roots)
  }

  async sync(name: string, options: SendingOptions = {}): Promise<RunReport> {
    if (this.source(name).table === true)
      return await this.#runTable(name, { ...options, terms: termsOf(options) })
    return this.#alone(name, async (source) => {
      const context = this.context(name, options)
      await refuseSuspended(context, name)
      const incremental = wantsIncremental(source, options)
      const followedBy = incremental ? 'incremental' : 'complete'
      const aside = await this.setBrokenAside(source)
      const left = await emptyOutbox(context, source, { ...options, followedBy })
      if (left.kind === 'delivered' || incremental) await this.#workDelivered(source, options)
      // We alone deliver for this source: what waits was left behind by a process that died.
      if (!(await this.#waitsForSomebody(source)))
        await this.synchronizer.giveUpWaiting(
          name,
          'The process that announced it ended before its run began.',
        )
      const forced = incremental && options.force === true ? await this.#applyHeld(source, options) : []
      const decided = await decideMode(context, source, { ...options, ahead: await this.ahead(name) })
      const decision = withNotes(decided, [...aside, ...(await leftNotes(left, context.inbox)), ...forced])
      return this.orComplete(decision, (one) => this.#carryOut(source, one, options))
    })
  }

  async apply(planned: SavedPlan, options: ApplyPlanOptions = {}): Promise<RunReport> {
    return await applyPlan(this, planned, options)
  }

  async edit(edits: readonly Edit[], { by = this.by, comment }: EditingOptions = {}): Promise<Edited> {
    return await this.synchronizer.edit(asAdministrator(edits), { by, comment })
  }

  async planEdit(
    edits: readonly Edit[],
    { by = this.by, comment }: EditingOptions = {},
  ): Promise<PlannedEdit> {
    return await this.synchronizer.planEdit(asAdministrator(edits), { by, comment })
  }

  async stateOrders(
    orders: readonly NewOrder[],
    { by = this.by }: OrderOptions = {},
  ): Promise<readonly OrderRecord[]> {
    return await this.synchronizer.stateOrders(orders, by)
  }

  async duplicates(
    entityType: string,
    options: DuplicatesOptions = {},
  ): Promise<readonly ListedDuplicates[]> {
    return await this.synchronizer.duplicates(entityType, options)
  }

  async sayDistinct(distinct: Distinct, { by = this.by }: OrderOptions = {}): Promise<number> {
    return await this.synchronizer.sayDistinct(distinct, by)
  }

  async takeBackDistinct(distinct: Pick<Distinct, 'type' | 'resources'>): Promise<number> {
    return await this.synchronizer.takeBackDistinct(distinct)
  }

  async actOnReplicas(wanted: WantedAction, { by = this.by }: OrderOptions = {}): Promise<ActedOn> {
    return await this.synchronizer.actOnReplicas(wanted, by)
  }

  async cancelOrder(order: string): Promise<readonly OrderRecord[]> {
    return await this.synchronizer.cancelOrder(order)
  }

  async decideMatches(
    decisions: readonly NewDecision[],
    { by = this.by, comment }: DecidingOptions = {},
  ): Promise<DecidedMatches> {
    return await this.synchronizer.decideMatches(decisions, { by, comment })
  }

  async undoMatches(
    rows: readonly MatchedRow[],
    { by = this.by, comment }: DecidingOptions = {},
  ): Promise<DecidedMatches> {
    return await this.synchronizer.undoMatches(rows, { by, comment })
  }

  async retry(run: number, options: RetryOptions = {}): Promise<RunReport> {
    const { by = this.by, comment, force } = options
    return await this.synchronizer.retry(run, { by, comment, force })
  }

  async planRetry(run: number, { by = this.by, comment }: RetryOptions = {}): Promise<Plan> {
    return await this.synchronizer.planRetry(run, { by, comment })
  }

  async root(source: string, root: string): Promise<ShownRoot | undefined> {
    return await this.synchronizer.roots.show(source, root)
  }

  async evaluateRoots(
    source: string,
    wanted: WantedRoots,
    { by = this.by, comment, force }: RetryOptions = {},
  ): Promise<RunReport | undefined> {
    return await this.synchronizer.roots.evaluate(source, wanted, { by, comment, force })
  }

  async planEvaluateRoots(
    source: string,
    wanted: WantedRoots,
    { by = this.by, comment }: RetryOptions = {},
  ): Promise<Plan | undefined> {
    return await this.synchronizer.roots.plan(source, wanted, { by, comment })
  }

  async revert(run: number, options: RevertOptions = {}): Promise<RunReport> {
    const { by = this.by, comment, force, skipConflicts = false, suspend } = options
    return await this.synchronizer.revert({ revert: run, skipConflicts, suspend }, { by, comment, force })
  }

  async planRevert(run: number, options: RevertOptions = {}): Promise<PlannedRevert> {
    const { by = this.by, comment, skipConflicts = false } = options
    return await this.synchronizer.planRevert({ revert: run, skipConflicts }, { by, comment })
  }

  changes(run: number, options: ChangesOptions = {}): AsyncIterable<Change> {
    return this.synchronizer.changes(run, options)
  }

  async permissions(): Promise<readonly Permission[]> {
    return permissions
  }

  async approve(
    run: number,
    {
      by,
      reason,
      signal,
    }: {
      readonly by: string
      readonly reason?: string | undefined
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<Approval> {
    return this.synchronizer.approve(run, { by, reason, waiting: signal })
  }

  async reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport> {
    return this.synchronizer.reject(run, decision)
  }

  async releaseDelivery(id: string, decision: DeliveryDecision): Promise<DeliveryRecord> {
    await this.synchronizer.inbox.release(id, decision)
    return await this.#described(id)
  }

  async cancelDelivery(id: string, decision: DeliveryDecision): Promise<DeliveryRecord> {
    await this.synchronizer.inbox.cancel(id, decision)
    return await this.#described(id)
  }

  async #described(id: string): Promise<DeliveryRecord> {
    const record = await this.repository.delivery(id)
    if (record === undefined) throw new Error(`Delivery ${id} no longer exists.`)
    return record
  }

  async synchronize(source: string, options: SynchronizeOptions = {}): Promise<readonly RunReport[]> {
    const { name, table } = this.source(source)
    if (table === true) return [await this.#runTable(name, options)]
    const { force, limit, signal, onProgress } = options
    return this.synchronizer.synchronize(name, { force, limit, signal, onProgress })
  }

  async load(source: string, request: LoadRequest, options: LoadOptions = {}): Promise<LoadOutcome> {
    const { by = this.by, force, run, onProgress, signal } = options
    const { name } = this.source(source)
    return await this.synchronizer.tables.load(name, request, { by, force, run, onProgress, signal })
  }

  async age(source: string, options: AgeOptions = {}): Promise<RunReport | undefined> {
    const { by = this.by, force, spare, onProgress, signal } = options
    const { name } = this.source(source)
    if (spare === true) return await this.synchronizer.ageing.ageByItself(name, { signal })
    return await this.synchronizer.ageing.age(name, { by, force, onProgress, signal })
  }

  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    const { database } = this.repository
    const pruned = await prune(database, this.configuration.retention, options)
    return together(pruned, await pruneFiles(this.configuration, options))
  }

  async grantSource(source: string, role: string): Promise<readonly SharedTable[]> {
    const { name } = openSource(this.configuration, this.source(source).name)
    return await this.repository.grantSource(name, role)
  }

  async #runTable(
    name: string,
    { by = this.by, force, terms, onProgress, signal }: SynchronizeOptions & TermsOption,
  ): Promise<RunReport> {
    return await this.synchronizer.tables.synchronize(name, { by, force, terms, onProgress, signal })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await sendAtEnd(openNotifications(this.repository.database, this.configuration), this.configuration)
    await this.repository[Symbol.asyncDispose]()
  }

  /** Everything behind the decision; the report of the run that decided it. */
  async #carryOut(source: Source, decision: Decision, options: SendingOptions): Promise<RunReport> {
    const sending = sendOptions(source.name, options)
    const sent = await sendSource(this.context(source.name, options), source, decision, sending)
    if (sent.kind === 'dropped' && sent.behind.length > 0)
      throw new IncrementalRefusedError(source.name, sent.reason)
    const { id, mode } = sent.delivery
    const reports = await this.synchronize(source.name, options)
    const report = reports.find(({ delivery }) => delivery === id)
    if (report !== undefined) return report
    const status = await this.synchronizer.inbox.status(id)
    if (mode === 'incremental' && status?.state === 'refused') {
      throw new IncrementalRefusedError(source.name, status.reason ?? 'no reason is known.')
    }
    throw new DeliveryOvertakenError(source.name, status?.state ?? 'gone', status?.reason ?? null)
  }

  /**
   * Applies what a process delivered and did not live to apply: the reference stands for it already, and
   * giving it up would break the chain.
   */
  async #workDelivered(source: Source, options: SyncOptions): Promise<void> {
    if (await this.#isReady(source)) await this.synchronize(source.name, options)
  }

  /** What was delivered last waits, with all between, for somebody to decide about what is held or put aside before it. */
  async #waitsForSomebody(source: Source): Promise<boolean> {
    const { heldRun, asideDelivery } = await this.synchronizer.inbox.chain(source.name)
    return (heldRun !== null || asideDelivery !== null) && (await this.#isReady(source))
  }

  async #isReady({ name }: Source): Promise<boolean> {
    const state = stateFolder(this.configuration, name)
    const delivery = await lastDelivered(state, this.synchronizer.inbox)
    const status = delivery === undefined ? undefined : await this.synchronizer.inbox.status(delivery)
    return status?.state === 'ready'
  }

  /** By force, what is held goes first: the changes since then build on it. */
  async #applyHeld(source: Source, options: SyncOptions): Promise<readonly string[]> {
    const { heldRun } = await this.synchronizer.inbox.chain(source.name)
    if (heldRun === null) return []
    await this.synchronize(source.name, options)
    return [`The held run ${heldRun} was applied first, because of --force.`]
  }

  // Others may work on the same repository from a work folder of their own.
  async #alone<T>(name: string, work: (source: Source) => Promise<T>): Promise<T> {
    const source = this.source(name)
    return alone(this.configuration, name, async () => {
      const done = await this.repository.database.exclusively(`prepare ${name}`, () => work(source))
      if (done === undefined) throw new SourceBusyError(name, 'another process')
      return done.result
    })
  }
}

/** Whoever has the repository itself may do with it what its administrators may. */
function asAdministrator(edits: readonly Edit[]): EditRequest {
  return { edits: [...edits], role: 'administrator' }
}
