/**
 * A project at work: its configuration, its repository and its engine, in this process or behind a server.
 *
 * The way is the same: a source is exported, prepared, delivered to an inbox and synchronized from there. Only in
 * one of the two nothing crosses a network.
 *
 * @module
 */
import type { ActedOn, DecidedMatches, DuplicatesOptions, WantedAction } from '@sluice/inbox'
import type {
  Change,
  ChangesOptions,
  Configuration,
  DeliveryRecord,
  Distinct,
  Edit,
  ListedDuplicates,
  MatchedRow,
  NewDecision,
  NewOrder,
  OrderRecord,
  Permission,
  PruneReport,
  RowToTest,
  RunReport,
  ShownRoot,
  TestedRow,
  WantedRoots,
} from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import type { DeliveryStatus } from '@sluice/protocol'
import type { Repository, RepositoryReader, SharedTable } from '@sluice/repository'
import type { Plan } from '../sources/sources.ts'
import type { DriftFound, DriftOptions } from './drift.ts'
import type { JobKeeper } from './job-keeper.ts'
import type {
  AgeOptions,
  ApplyPlanOptions,
  Approval,
  DecidingOptions,
  Edited,
  EditingOptions,
  LoadOptions,
  LoadOutcome,
  LoadPlan,
  LoadRequest,
  OrderOptions,
  PlannedEdit,
  PlannedRevert,
  PlanOptions,
  PruneOptions,
  RetryOptions,
  RevertOptions,
  SourceOptions,
  SourcePlan,
  SyncOptions,
  TestRowsOptions,
} from './options.ts'
import type { SavedPlan } from './saved-plan.ts'
import type { Announced, AnnounceOptions, Stages, SynchronizeOptions } from './stages.ts'

/** A project that is open: what it brings up, plans, decides, edits and reads. */
export interface Project extends AsyncDisposable {
  readonly configuration: Configuration
  readonly repository: RepositoryReader
  /** The stages one by one, as the steps of a job or at the command line. */
  readonly stages: Stages
  /** Where the executions of its jobs are kept. */
  readonly jobs: JobKeeper

  /** Whether there is a source of this name: in the files, in the repository, or behind the server an open one. */
  knows(source: string): Promise<boolean>

  /**
   * Brings one source up into the repository: all stages, one transaction.
   *
   * The report says `applied` or `held`; files that cannot be taken for the whole source throw. An
   * incremental throws `SourceHeldError` while a run of the source is held. Where one is impossible,
   * a source whose mode is `incremental` runs a complete, and the report's notes say why.
   *
   * What earlier calls could not deliver goes first. While the server cannot be reached this throws
   * `DeliveredLaterError`: the changes are prepared, behind those that wait already, and the next call delivers them.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const report = await project.sync('hr', { mode: 'complete' })
   * if (report.state === 'held') console.log(report.exceeded)
   * ```
   */
  sync(source: string, options?: SyncOptions): Promise<RunReport>

  /**
   * Says what `sync` would change and what would hold it. Resources, links and runs stay as they are. Through a
   * server the prepared files are brought there and forgotten. An export program is not run: its last files are taken.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { report, changes } = await project.plan('hr')
   * for (const { mapping, changes } of report.entities) console.log(mapping, changes)
   * for (const change of changes) console.log(change.operation, change.before, change.after)
   * ```
   */
  plan(source: string, options?: PlanOptions): Promise<SourcePlan>

  /**
   * Applies what a plan has shown, or nothing: throws `PlanOutdatedError`, and says what moved, where the files of the source or what the
   * repository holds are not what it stands on. What moves in the very moment holds the run (`heldBecause: 'moved'`).
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { saved, changes } = await project.plan('hr', { saved: true })
   * if (saved !== undefined && changes.length < 100) await project.apply(saved)
   * ```
   */
  apply(plan: SavedPlan, options?: ApplyPlanOptions): Promise<RunReport>

  /**
   * Says what differs between what the source has asserted last and what is stored: values that somebody else has changed and that it locks, resources
   * and links that are gone or too many. Nothing is written; the next complete repairs it. Of an open source, rows that were written since
   * its last run are among it. Throws `DriftUnknownError` where the files that were delivered last are not here.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { changes } = await project.drift('hr', { sample: 100 })
   * for (const change of changes) console.log(change.operation, change.before, change.after)
   * ```
   */
  drift(source: string, options?: DriftOptions): Promise<DriftFound>

  /**
   * Loads the rows of a CSV into the table of an open source, and runs the source on what stands there then. What the CSV does not name has
   * disappeared. Waits for other loads and runs of the source. Throws `BadRowsError` for bad rows, of which nothing is loaded then.
   *
   * @example
   * ```ts
   * import { createReadStream } from 'node:fs'
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { load, report } = await project.load('cmdb', { csv: createReadStream('servers.csv'), separator: ',' })
   * console.log(load.inserted, load.changed, report?.state)
   * ```
   */
  load(source: string, request: LoadRequest, options?: LoadOptions): Promise<LoadOutcome>

  /** Says what `load` would do; nothing of it is kept. */
  planLoad(
    source: string,
    request: LoadRequest,
    options?: Omit<PlanOptions, 'mode' | 'folder'>,
  ): Promise<LoadPlan>

  /** Sources of which anything can age at all. */
  ageingSources(): Promise<readonly string[]>

  /**
   * Lets go what has disappeared from a source for long enough, though it says nothing, in a run that does nothing else. `undefined`: nothing has
   * aged, and nothing is written.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * for (const source of await project.ageingSources()) {
   *   const report = await project.age(source)
   *   console.log(source, report?.state ?? 'nothing has aged')
   * }
   * ```
   */
  age(source: string, options?: AgeOptions): Promise<RunReport | undefined>

  /** Says what `age` would do; `undefined`: nothing has aged. */
  planAge(
    source: string,
    options?: Omit<PlanOptions, 'mode' | 'folder' | 'onProgramLine'>,
  ): Promise<Plan | undefined>

  /**
   * Removes what `retention` keeps no longer: of the repository, here or at the server, and of the work folder. What is still open stays. It goes
   * on beside runs, and may be ended at any time.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { kinds } = await project.prune({ dryRun: true })
   * for (const { kind, removed, bytes } of kinds) console.log(kind, removed, bytes)
   * ```
   */
  prune(options?: PruneOptions): Promise<PruneReport>

  /**
   * Changes resources and links, all of what is asked or nothing: in a run of its own, under the locks of sources and the thresholds.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * await project.edit([
   *   { action: 'create', type: 'Department', values: { code: 'LAB', name: 'Laboratory' } },
   *   { action: 'update', type: 'Person', resource: '1007', values: { phone: '42' } },
   * ])
   * ```
   */
  edit(edits: readonly Edit[], options?: EditingOptions): Promise<Edited>

  /** Says what `edit` would change; nothing is written. */
  planEdit(edits: readonly Edit[], options?: EditingOptions): Promise<PlannedEdit>

  /**
   * States what managed systems should say, all of it or nothing: each run of a source then tells whether it does.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * await project.stateOrders([
   *   { id: 'R-17', source: 'ad', entityType: 'Person', resource: '1007', values: { department: 'Sales' }, dueAt: '2026-12-01' },
   *   { id: 'R-19', source: 'ad', association: 'Membership', from: '1007', to: 'Admins', existence: 'gone' },
   * ])
   * ```
   */
  stateOrders(orders: readonly NewOrder[], options?: OrderOptions): Promise<readonly OrderRecord[]>

  /** Resources of a type that may be one: by the rules of the sources, or by the properties that are named. */
  duplicates(entityType: string, options?: DuplicatesOptions): Promise<readonly ListedDuplicates[]>

  /** Says that resources are not one, whatever they have in common; how many pairs that were not said to be. */
  sayDistinct(distinct: Distinct, options?: OrderOptions): Promise<number>

  /** Takes that back; how many pairs were said to be. */
  takeBackDistinct(distinct: Pick<Distinct, 'type' | 'resources'>): Promise<number>

  /** Does something with single rows of a source that shares its resources, in a run of its own: those that are named, or all that fulfil the conditions. */
  actOnReplicas(wanted: WantedAction, options?: OrderOptions): Promise<ActedOn>

  /** Takes back all of an order that still stands; what it said. */
  cancelOrder(order: string): Promise<readonly OrderRecord[]>

  /**
   * Decides to which resources rows belong that several match (`repository.matches`), all of it or nothing: it is carried out at once
   * where nobody works on the source, else by its next run.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * await project.decideMatches([
   *   { source: 'doors', entityType: 'Person', key: '505', decision: 'link', resource: '17' },
   * ])
   * ```
   */
  decideMatches(decisions: readonly NewDecision[], options?: DecidingOptions): Promise<DecidedMatches>

  /**
   * Says what rows of a source would find: by which rule, on which values, and why not by the others. Each by itself, against what is stored;
   * nothing is written.
   */
  testRows(
    source: string,
    rows: readonly RowToTest[],
    options?: TestRowsOptions,
  ): Promise<readonly TestedRow[]>

  /** Takes decisions back, all or none: a row that has its resource by one leaves it, and waits again. */
  undoMatches(rows: readonly MatchedRow[], options?: DecidingOptions): Promise<DecidedMatches>

  /** The changes of a run: of a held one what it would do, of an applied one what it did. */
  changes(run: number, options?: ChangesOptions): AsyncIterable<Change>

  /**
   * Takes a run back, in a run of its own: what it inserted goes, what it deleted comes back with its ids, what it changed is as it was. Throws
   * `RevertConflictsError` where something has changed since. The report tells what sources will bring again.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * const { conflicts } = await project.planRevert(7)
   * if (conflicts.length === 0) await project.revert(7, { comment: 'the export was of last year' })
   * ```
   */
  revert(run: number, options?: RevertOptions): Promise<RunReport>

  /** Says what `revert` would change, and what stands in its way; nothing is written. */
  planRevert(run: number, options?: RevertOptions): Promise<PlannedRevert>

  /**
   * Tries the rows again that a run has rejected for their values, as they were delivered: to be called when the model or the mapping takes them.
   * Throws `NothingToRetryError` where none can be.
   */
  retry(run: number, options?: RetryOptions): Promise<RunReport>

  /** Says what `retry` would change; nothing is written. */
  planRetry(run: number, options?: RetryOptions): Promise<Plan>

  /** Of a source that is a graph: a root with what it gives and what it reaches; `undefined`: there is none of this name. `repository.roots` lists them. */
  root(source: string, root: string): Promise<ShownRoot | undefined>

  /**
   * Evaluates roots of a source that is a graph anew, on the graph as it is stored: no delivery is needed for it. In a run of its own, under the
   * thresholds; `undefined`: there are none of those that are wanted, and nothing is written.
   *
   * @example
   * ```ts
   * import { openProject } from 'sluice'
   *
   * await using project = await openProject('.')
   * await project.evaluateRoots('discovery', { failed: true }, { comment: 'the mapping is mended' })
   * ```
   */
  evaluateRoots(source: string, wanted: WantedRoots, options?: RetryOptions): Promise<RunReport | undefined>

  /** Says what `evaluateRoots` would change; nothing is written. */
  planEvaluateRoots(source: string, wanted: WantedRoots, options?: RetryOptions): Promise<Plan | undefined>

  /** What may be asked of the repository: everything here, through a server what the token is made for. */
  permissions(): Promise<readonly Permission[]>

  /**
   * Applies a held run. Through a server `by` is the name of the token. When the repository moved meanwhile, its changes are computed again, and
   * it says so. The signal ends the waiting for other runs; what has begun goes on.
   */
  approve(
    run: number,
    decision: {
      readonly by: string
      readonly reason?: string | undefined
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<Approval>

  /** Refuses a held run and frees its source. */
  reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport>

  /**
   * Has a delivery tried again that was put aside because processes died of it. Through a server `by` is the name of the
   * token.
   */
  releaseDelivery(
    deliveryId: string,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<DeliveryRecord>

  /**
   * Cancels a delivery that waits in the queue or was put aside, and what builds on it: nothing of them is applied, and the next run of a
   * source that delivers incrementals is a complete. Through a server `by` is the name of the token.
   */
  cancelDelivery(
    deliveryId: string,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<DeliveryRecord>

  /**
   * By hand, for whoever keeps the files between the steps: takes the source's place in the queue. Throws `SourceHeldError`, and announces
   * nothing, for an incremental of a source of which a run is held.
   */
  announce(source: string, options?: AnnounceOptions): Promise<Announced>

  /** By hand: prepares the files of an announced delivery. When it throws, the delivery has been given up as refused. */
  prepare(announced: Announced, options?: SourceOptions): Promise<Prepared>

  /**
   * By hand: hands the prepared files over. May be repeated. Once they are acknowledged, the
   * source's reference moves forward: the next incremental says what changed since.
   */
  deliver(announced: Announced, prepared: Prepared): Promise<DeliveryStatus>

  /** Gives up a delivery that will never come, so that the source's queue goes on without it. */
  giveUp(announced: Announced, reason: string): Promise<DeliveryStatus>

  /** What became of a delivery; `undefined` when it was never announced. */
  delivery(deliveryId: string): Promise<DeliveryStatus | undefined>

  /**
   * Synchronizes the source's queue and returns a report for each delivery it took from it. Through a server: waits until
   * what was delivered last is decided. An open source is run once, on what stands in its tables.
   */
  synchronize(source: string, options?: SynchronizeOptions): Promise<readonly RunReport[]>
}

/** A project whose repository is in this process. */
export interface LocalProject extends Project {
  readonly repository: Repository
  /** Lets a role of the database fill the tables of an open source, and do nothing else; the tables. */
  grantSource(source: string, role: string): Promise<readonly SharedTable[]>
}
