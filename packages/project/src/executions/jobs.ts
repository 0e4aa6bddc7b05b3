/**
 * Jobs as people look at them, and ask for them to be started and stopped.
 *
 * @module
 */
import type {
  ExecutionRecord,
  JobAgent,
  JobRecord,
  Mode,
  Preview,
  StartRecord,
  SystemCheck,
} from '@sluice/model'

export interface Jobs {
  /** Every job with its next start, what is at work and how it ended last. */
  list(): Promise<ListedJobs>
  /** Executions, newest first; 20 when no limit is given. */
  results(query?: ResultsQuery): Promise<readonly ExecutionRecord[]>
  /** One of them, by its id or the beginning of it; `undefined`: there is none, or there are several. */
  result(id: string): Promise<ExecutionRecord | undefined>
  /** One that is at work, when it has ended. */
  ended(execution: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<ExecutionRecord>
  /** Gives up the work in hand of a job; nothing of what is not applied is. Throws where it is not at work. */
  stop(job: string, options?: WhichAgent): Promise<StoppedJob>
  /** Has a job started by its agent; absent where no server is in between: `runJob` executes it here. */
  readonly start?: ((job: string, options?: WhichAgent) => Promise<StartRecord>) | undefined
  /** Has a source synchronized by its agent; absent where no server is in between: `sync` of a project does it here. */
  readonly startSource?: ((source: string, options?: StartSourceOptions) => Promise<StartRecord>) | undefined
  /** Has the connection of a source checked by its agent, and waits for what that says; absent where no server is in between. */
  readonly checkSource?:
    | ((
        source: string,
        options?: WhichAgent & { readonly signal?: AbortSignal | undefined },
      ) => Promise<SystemCheck>)
    | undefined
  /** Has rows of a source shown by its agent, and waits for them; absent where no server is in between: `previewRows` shows them here. */
  readonly previewSource?: ((source: string, options: PreviewSourceOptions) => Promise<Preview>) | undefined
  /** What became of that when it is decided: begun, refused, expired or cancelled. */
  readonly decided?:
    | ((start: string, options?: { readonly signal?: AbortSignal | undefined }) => Promise<StartRecord>)
    | undefined
}

export interface WhichAgent {
  /** Name of its machine, or its id; needed where several know a job of this name. */
  readonly agent?: string | undefined
}

export interface StartSourceOptions extends WhichAgent {
  /** The one that the source is configured with when absent. */
  readonly mode?: Mode | undefined
  /** Its run waits to be approved, whatever it would change. */
  readonly hold?: boolean | undefined
}

export interface PreviewSourceOptions extends WhichAgent {
  /** A mapping that the agent has; its only one when absent, and nothing is proposed. */
  readonly mapping?: string | undefined
  /** YAML, as `previewRows` takes it. */
  readonly proposal?: string | undefined
  readonly rows: number
  readonly signal?: AbortSignal | undefined
}

export interface ResultsQuery {
  readonly job?: string | undefined
  readonly limit?: number | undefined
}

export interface ListedJobs {
  readonly jobs: readonly JobRecord[]
  /** Why results are not known: another process has the repository open. */
  readonly resultsUnknown?: string | undefined
}

export interface StoppedJob {
  /** `null`: it had not begun, and does not. */
  readonly execution: string | null
  readonly agent: JobAgent
}
