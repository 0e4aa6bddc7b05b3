/**
 * What every part of a server needs.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type {
  AppliedDefinitions,
  Change,
  Configuration,
  DescribedConnector,
  DescribedSource,
  GraphModule,
  RejectedRow,
  ResourceFate,
  RunBy,
  RunReport,
  SourceChange,
  SourceHoldings,
  SourceRecord,
  Suspension,
} from '@sluice/model'
import type { Notifications, Pauses } from '@sluice/notify'
import type {
  AccountStore,
  AuditLog,
  ModelWatch,
  OpenIdSignIns,
  Repository,
  SessionStore,
  TokenStore,
} from '@sluice/repository'
import type { SignInWaits } from './access/sign-in-waits.ts'
import type { Metrics } from './metrics/create-metrics.ts'
import type { RunProgress } from './run-progress.ts'
import type { Notifier } from './worker/notifier.ts'

export interface ServerContext {
  readonly configuration: Configuration
  /** Through connections of its own: who looks does not wait for runs. */
  readonly repository: Repository
  /** Through others that neither runs nor lists take: for probes, metrics and tokens. */
  readonly urgent: Repository
  readonly synchronizer: Synchronizer
  /** Whether the tables still follow the model of the configuration. */
  readonly modelWatch: ModelWatch
  /** Reads the configuration again and works with it from now on. */
  readonly reload: () => Promise<Reloaded>
  /** Absent where the configuration comes from no file. */
  readonly sources: SourceDefinitions | undefined
  readonly tokens: TokenStore
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  readonly openIdSignIns: OpenIdSignIns
  readonly signInWaits: SignInWaits
  readonly audit: AuditLog
  readonly notifications: Notifications
  /** When those that wait are due; it outlives a configuration that is read again. */
  readonly pauses: Pauses
  readonly metrics: Metrics
  /** Where the runs stand that this process carries out. */
  readonly progress: RunProgress
  /** How the worker of this process is. */
  readonly worker: () => WorkerState
  /** When a queue may have become ready: something was sealed, approved, rejected, given up. */
  readonly queueChanged: Notifier
  /** When a run has decided a delivery. */
  readonly runDecided: Notifier
  /** When there may be something to send. */
  readonly notificationsDue: Notifier
  /** When something of a job is asked for, or heard of it. */
  readonly jobsChanged: Notifier
  /** Aborted when the server takes nothing new any more. */
  readonly stopping: AbortSignal
}

interface WorkerState {
  /** Milliseconds since it looked at the queues; 0 of one that has no worker. */
  readonly lookedAgo: number
  /** The code of what is in the way of every run, where the last one met it. */
  readonly obstacle: string | undefined
}

/** Definitions of sources, those of files and those of the repository. */
export interface SourceDefinitions {
  list(): Promise<readonly SourceRecord[]>
  describe(source: string): Promise<DescribedSource>
  connector(source: string): Promise<DescribedConnector | null>
  history(source: string): Promise<readonly SourceChange[]>
  holdings(source: string): Promise<SourceHoldings>
  apply(
    file: { readonly path: string; readonly text: string },
    options: {
      readonly by: RunBy
      readonly dryRun?: boolean | undefined
      readonly allowLoss?: boolean | undefined
    },
  ): Promise<AppliedDefinitions>
  writeModules(
    source: string,
    written: { readonly modules: readonly GraphModule[]; readonly version: string },
    options: {
      readonly by: RunBy
      readonly dryRun?: boolean | undefined
      readonly allowLoss?: boolean | undefined
    },
  ): Promise<AppliedDefinitions>
  remove(source: string, options: RemovalOptions): Promise<{ readonly report: RunReport | null }>
  planRemoval(source: string, options: RemovalOptions): Promise<PlannedRemoval>
  suspend(
    source: string,
    options: {
      readonly by: RunBy
      readonly reason?: string | undefined
      readonly until?: string | undefined
    },
  ): Promise<Suspension>
  resume(source: string, options: { readonly by: RunBy }): Promise<boolean>
  rename(from: string, to: string, options: { readonly by: RunBy }): Promise<void>
  /** Whether the repository holds other definitions than those that were read last. */
  haveChanged(): Promise<boolean>
}

interface RemovalOptions {
  readonly by: RunBy
  readonly resources?: ResourceFate | undefined
  readonly force?: boolean | undefined
}

interface PlannedRemoval {
  readonly report: RunReport
  readonly changes: readonly Change[]
  readonly rejected: readonly RejectedRow[]
}

/** What came of reading the configuration again. */
export interface Reloaded {
  readonly sources: readonly string[]
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
  /** Settings that are otherwise now, and hold as they were until the server is started again. */
  readonly restart: readonly string[]
}
