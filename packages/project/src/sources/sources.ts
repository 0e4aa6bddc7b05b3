/**
 * The sources of a project: where each is defined, what it holds; definitions that are stored, renamed and taken away.
 *
 * @module
 */
import type {
  AppliedDefinitions,
  Change,
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

/** What a run would do. */
export interface Plan {
  /** As a run's report, with the state `planned` and without a number. */
  readonly report: RunReport
  /** The first changes of each kind. */
  readonly changes: readonly Change[]
  /** The first rows that would be rejected. */
  readonly rejected: readonly RejectedRow[]
  /** Of all that would change, where it was asked for. */
  readonly sum?: string | undefined
}

export interface ApplyOptions {
  /** Says what would happen; nothing is stored. */
  readonly dryRun?: boolean | undefined
  /** Also where the source forgets rows that are stored. */
  readonly allowLoss?: boolean | undefined
  readonly by?: RunBy | undefined
  /** From where the path of its file goes, and so those of the modules that it names; the current folder when absent. */
  readonly folder?: string | undefined
}

export interface NewModules {
  readonly modules: readonly GraphModule[]
  /** Of those that were read. */
  readonly version: string
}

export interface DeleteOptions {
  /** Throws `FateNotSaidError` when absent. */
  readonly resources?: ResourceFate | undefined
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  readonly by?: RunBy | undefined
}

export interface SuspendOptions {
  /** For the history, and whoever asks why nothing comes. */
  readonly reason?: string | undefined
  /** An instant at which it ends by itself; absent: when somebody ends it. */
  readonly until?: string | undefined
  readonly by?: RunBy | undefined
}

export interface DeletedSource {
  /** The run by which it goes; `null` where only a stored definition went that counted for nothing. */
  readonly report: RunReport | null
}

export interface Sources {
  /** Those of the files first, then those of the repository, then those that are gone from the files. */
  list(): Promise<readonly SourceRecord[]>
  /** Throws `NoSuchSourceError`. */
  describe(source: string): Promise<DescribedSource>
  /** What connects to its managed system, as its definition here names it; `null`: nothing does. Throws `NoSuchSourceError`. */
  connector(source: string): Promise<DescribedConnector | null>
  /** What became of its definition in the repository, newest first. */
  history(source: string): Promise<readonly SourceChange[]>
  /** How much hangs on it. */
  holdings(source: string): Promise<SourceHoldings>
  /** Stores the sources of a file (`sources:`, as in sluice.yaml), each in the place of what is stored under its name; all or none. */
  apply(
    file: { readonly path: string; readonly text: string },
    options?: ApplyOptions,
  ): Promise<AppliedDefinitions>
  /** Stores other modules of a graph source; throws `ModulesChangedError` where somebody else has done so since they were read. */
  writeModules(source: string, written: NewModules, options?: ApplyOptions): Promise<AppliedDefinitions>
  /** Gone as soon as the run is applied, which a threshold may hold. */
  remove(source: string, options?: DeleteOptions): Promise<DeletedSource>
  /** What that would do. */
  planRemoval(source: string, options: DeleteOptions): Promise<Plan>
  /**
   * No run of it begins from now on, and what is delivered waits; what it has said stays, with its locks. Again, it has another end and another
   * reason. Throws `NoSuchSourceError`, and `SuspensionOverError` where its end is over.
   */
  suspend(source: string, options?: SuspendOptions): Promise<Suspension>
  /** Lets it run again; `false`: it was not suspended. */
  resume(source: string, options?: Pick<SuspendOptions, 'by'>): Promise<boolean>
  /** All that it has stays as it is. */
  rename(from: string, to: string, options?: Pick<ApplyOptions, 'by'>): Promise<void>
}
