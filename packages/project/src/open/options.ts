/**
 * What may be said with the calls of a project, and what they answer.
 *
 * @module
 */
import type { OnProgramLine } from '@sluice/connectors'
import type { LoadDialect, LoadResult } from '@sluice/inbox'
import type {
  Change,
  EditedResource,
  Mode,
  OnProgress,
  RevertConflict,
  RunBy,
  RunReport,
} from '@sluice/model'
import type { Plan } from '../sources/sources.ts'
import type { SavedPlan } from './saved-plan.ts'

export interface CallOptions {
  /** Who makes the run happen; who opened the project when absent. Through a server it is the token. */
  readonly by?: RunBy | undefined
  /** Called several times a second with what is being done. */
  readonly onProgress?: OnProgress | undefined
  /** Stops the work; what was not applied as a whole is not applied at all. */
  readonly signal?: AbortSignal | undefined
  /**
   * Ends the waiting for a server that is away, or for the run it works on; the rest of the work is done. What is not
   * delivered then waits in the outbox.
   */
  readonly stop?: AbortSignal | undefined
  /** Called whenever the server has answered; `onProgress`, with `retrying`, when it has not. */
  readonly onAnswer?: (() => void) | undefined
}

export interface SourceOptions extends CallOptions {
  /** Instead of the mode the source is configured with. */
  readonly mode?: Mode | undefined
  /** Instead of the folder the source is configured with; no export program is run. */
  readonly folder?: string | undefined
  /** Called with each line that an export program writes. */
  readonly onProgramLine?: OnProgramLine | undefined
}

export interface SyncOptions extends SourceOptions {
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
  /** Holds whatever it would change, for somebody to approve or to reject. */
  readonly hold?: boolean | undefined
}

export interface ApplyPlanOptions extends CallOptions {
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
  /** The plan was made just now: it is not computed once more before it is delivered. */
  readonly fresh?: boolean | undefined
}

export interface PlanOptions extends SourceOptions {
  /** How many changes of each kind to return; 3 when absent. */
  readonly sample?: number | undefined
  /** Returns what `apply` takes, too. */
  readonly saved?: boolean | undefined
}

/** What synchronizing a source would do. */
export interface SourcePlan extends Plan {
  /** To be kept and applied, where it was asked for. */
  readonly saved?: SavedPlan | undefined
}

/** What is to be loaded into an open table, and how it is written. */
export interface LoadRequest extends LoadDialect {
  readonly csv: string | AsyncIterable<Uint8Array>
  /** Names it in messages. */
  readonly file?: string | undefined
  /** Need not be said where the source fills one. */
  readonly entityType?: string | undefined
  /** `stop` (when absent): a bad row refuses the load; `continue`: it is left out. */
  readonly mode?: 'stop' | 'continue' | undefined
}

export interface LoadOptions extends CallOptions {
  /** `false`: what was loaded waits for a later run. */
  readonly run?: boolean | undefined
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
}

export interface AgeOptions extends CallOptions {
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
  /** Leaves the source alone where somebody works on it, or has to decide or has decided about such a run. */
  readonly spare?: boolean | undefined
}

export type { LoadOutcome } from '@sluice/inbox'

/** What a load, and the run behind it, would do. */
export interface LoadPlan {
  readonly load: LoadResult
  readonly plan: Plan
}

export interface EditingOptions {
  /** What is to be said about it in the history. */
  readonly comment?: string | undefined
  /** Who makes it happen; who opened the project when absent. Through a server it is the token. */
  readonly by?: RunBy | undefined
}

export interface Edited {
  readonly report: RunReport
  /** What the edits of resources were about, in their order; of new ones, their ids. */
  readonly resources: readonly EditedResource[]
}

/** `entityType`: of which type the rows are, where the source fills several. */
export interface TestRowsOptions {
  readonly entityType?: string | undefined
}

/** `by`: who decides; who opened the project when absent. Through a server it is the token. */
export type DecidingOptions = EditingOptions

/** `by`: who states it; who opened the project when absent. Through a server it is the token. */
export type OrderOptions = Pick<EditingOptions, 'by'>

export interface PlannedEdit extends Edited {
  /** The first changes of each kind. */
  readonly changes: readonly Change[]
}

/** What became of a held run that was approved. */
export interface Approval {
  readonly report: RunReport
  /** The repository had changed since the run was held: its changes were computed again. */
  readonly moved: boolean
}

export interface RevertOptions extends EditingOptions {
  /** What has changed since stays as it is; else it refuses the whole. */
  readonly skipConflicts?: boolean | undefined
  /** Suspends the sources that would bring it again. */
  readonly suspend?: boolean | undefined
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
}

export interface PruneOptions {
  /** Says what would go; nothing is removed. */
  readonly dryRun?: boolean | undefined
  /** Ends it soon; what is gone is gone. */
  readonly signal?: AbortSignal | undefined
}

export interface RetryOptions extends EditingOptions {
  /** Applies what a threshold would hold. */
  readonly force?: boolean | undefined
}

/** What it would be to take a run back. */
export interface PlannedRevert {
  readonly report: RunReport
  /** The first changes of each kind. */
  readonly changes: readonly Change[]
  /** What has changed since, and would stay as it is: the first hundred. */
  readonly conflicts: readonly RevertConflict[]
}
