import type {
  ClosedRun,
  Deciding,
  Decision,
  Edited,
  EditOptions,
  PlannedEdit,
  PlannedRevert,
  PlanResult,
  RetryOptions,
  Sessions,
  TestRowsRequest,
  WantedAction,
} from '@sluice/engine'
import {
  AnsweredError,
  type Change,
  type ChangedProperty,
  type ChangesOptions,
  type ChangesPage,
  type ChangesPageOptions,
  type Configuration,
  type DeliveryMode,
  type Distinct,
  type EditRequest,
  type ListedDuplicates,
  type MatchedRow,
  type MatchRecord,
  type NewDecision,
  type NewOrder,
  type OnProgress,
  type OrderRecord,
  type RevertRequest,
  type RunBy,
  type RunReport,
  type SluiceError,
  type TestedRow,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import type { Repository } from '@sluice/repository'
import type { QueueLength, WaitingSource } from '../queue/queue.ts'
import type { PlanFiles } from '../upload/plan-files.ts'
import type { QuotaLimits } from '../upload/quota.ts'
import type { ServerInbox } from '../upload/server-inbox.ts'
import type { ActedOn } from './act-on-replicas.ts'
import type { SourceAgeing } from './age-sources.ts'
import type { OpenTables } from './open-tables.ts'
import type { SourceRemovals } from './remove-source.ts'
import type { Runner } from './run-of-table.ts'
import type { SourceRoots } from './source-roots.ts'
import type { WorkOptions } from './work-queue.ts'

export interface SynchronizerOptions {
  readonly repository: Pick<Repository, 'database'>
  readonly configuration: Configuration
  /** Of a server: where deliveries arrive (`inbox` in the work folder when absent), and how large they may be. */
  readonly inbox?:
    | {
        readonly folder?: string | undefined
        readonly deliverySize?: number | undefined
        readonly quota?: QuotaLimits | undefined
      }
    | undefined
  /** Processes of the database that may help a run with one statement; as many as it allows when absent. */
  readonly parallelWorkers?: number | undefined
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
  /** The sum of what would change is wanted, too. */
  readonly summed?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** A delivery that is not in the queue. */
export interface PreparedDelivery {
  readonly folder: string
  readonly manifest: Manifest
}

/** Which duplicates are looked for. */
export interface DuplicatesOptions {
  readonly by?: readonly string[] | undefined
  /** Groups; 100 when absent. */
  readonly limit?: number | undefined
  /** Goes on behind the group that had this cursor. */
  readonly cursor?: string | undefined
}

export interface Synchronizer {
  /**
   * Calls `listener` with each run that is closed by it from now on, those that could not begin among them, in the transaction that closes it: what
   * it is told of may yet be undone.
   */
  listen(listener: (closed: ClosedRun) => void): void
  readonly inbox: ServerInbox
  /** Files of others to plan with. */
  readonly plans: PlanFiles
  /** Sources whose rows stand in tables, and of which no delivery comes. */
  readonly tables: OpenTables
  /** Takes sources away. */
  readonly removals: SourceRemovals
  /** Lets go what has disappeared for long enough, though its source says nothing. */
  readonly ageing: SourceAgeing
  /** Roots of sources that are graphs. */
  readonly roots: SourceRoots
  /** Sources whose queue can go on (their first delivery is ready), the one that waits longest first. */
  waitingSources(): Promise<readonly WaitingSource[]>
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
  /** Takes a run back, in a run of its own; throws where something has changed since, unless that is to stay as it is. */
  revert(request: RevertRequest, options: EditOptions): Promise<RunReport>
  /** What that would do, leaving what has changed since. */
  planRevert(
    request: RevertRequest,
    options: EditOptions & { readonly sample?: number | undefined },
  ): Promise<PlannedRevert>
  /** Tries the rows again that a run has rejected for their values, as they were delivered. */
  retry(run: number, options: RetryOptions): Promise<RunReport>
  /** What that would do. */
  planRetry(
    run: number,
    options: RetryOptions & { readonly sample?: number | undefined },
  ): Promise<PlanResult>
  /** The changes of a held or applied run; through connections that runs do not need, where they are given. */
  changes(run: number, options?: ChangesOptions, through?: Sessions): AsyncIterable<Change>
  /** One page of them, behind the one before. */
  changesPage(run: number, options: ChangesPageOptions, through?: Sessions): Promise<ChangesPage>
  /** How many of its updates change which property. */
  changedProperties(run: number, through?: Sessions): Promise<readonly ChangedProperty[]>
  /** Applies a held change set as it stands; when the repository moved, computes it again and holds that. */
  approve(run: number, decision: Decision): Promise<{ report: RunReport; moved: boolean }>
  reject(run: number, decision: Decision): Promise<RunReport>
  /** States what sources should say, all of it or nothing; all that the orders say. */
  stateOrders(orders: readonly NewOrder[], by: RunBy): Promise<readonly OrderRecord[]>
  /** Resources that may be one: by the rules of the sources, or by the properties that are named; 100 groups when no limit is given. */
  duplicates(
    entityType: string,
    query?: DuplicatesOptions,
    through?: Sessions,
  ): Promise<readonly ListedDuplicates[]>
  /** Resources that are not one; how many pairs that were not said to be. */
  sayDistinct(distinct: Distinct, by: RunBy): Promise<number>
  /** Takes that back; how many pairs were said to be. */
  takeBackDistinct(distinct: Pick<Distinct, 'type' | 'resources'>): Promise<number>
  /** Does something with single rows of a source, in a run of its own. */
  actOnReplicas(wanted: WantedAction, by: RunBy): Promise<ActedOn>
  /** Takes back all of an order that stands. */
  cancelOrder(order: string): Promise<readonly OrderRecord[]>
  /**
   * Decides to which resources rows belong that several match, all of it or nothing, and carries it out where nobody works on the source.
   */
  decideMatches(decisions: readonly NewDecision[], deciding: Deciding): Promise<DecidedMatches>
  /** Takes decisions back, all or none. */
  undoMatches(rows: readonly MatchedRow[], deciding: Deciding): Promise<DecidedMatches>
  /** What rows of a source would find, by which rule, on which values, and why not by the others; nothing is written. */
  testRows(request: TestRowsRequest): Promise<readonly TestedRow[]>
}

/** What became of decisions; of a source that has no report, its next run carries them out. */
export interface DecidedMatches {
  readonly matches: readonly MatchRecord[]
  readonly reports: readonly RunReport[]
}

/** SLUICE-RUN-02: another process is working on this source at the moment. */
export class SourceAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-RUN-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor(source: string) {
    super(`Source ${source} is being synchronized by another process.`, {
      remedy: 'Wait until that run has ended, then run again.',
    })
  }
}
