/**
 * Steps over several sources, and when they are to be done.
 *
 * @module
 */
import type { Mode } from '../source/source.ts'

export const jobStages = ['sync', 'export', 'prepare', 'deliver', 'synchronize', 'age'] as const
export type JobStage = (typeof jobStages)[number]

/** Named steps over several sources, one after the other. */
export interface Job {
  readonly name: string
  readonly description?: string | undefined
  readonly schedule?: Schedule | undefined
  /** Jobs that have to end well before it begins, each since it last began; without a schedule it begins as soon as they have. */
  readonly after: readonly string[]
  readonly retry?: JobRetry | undefined
  readonly steps: readonly JobStep[]
}

/** What may pass is tried again, each time after a longer wait. */
export interface JobRetry {
  /** How often, after the first try. */
  readonly times: number
  /** Milliseconds before the second try. */
  readonly wait: number
  /** By which each wait is longer than the one before. */
  readonly factor: number
  /** Milliseconds; no wait is longer. */
  readonly atMost: number
}

export interface JobStep {
  readonly name: string
  /** `sync` is all stages. */
  readonly stage: JobStage
  /** They start together; the next step waits for all of them. */
  readonly sources: readonly string[]
  /** Instead of the mode each source is configured with. */
  readonly mode?: Mode | undefined
  readonly force: boolean
  /** Of `sync`: its run waits to be approved, whatever it would change. */
  readonly hold?: boolean | undefined
  /** A failure is a warning, and the next step runs. */
  readonly continueOnError: boolean
}

export interface Schedule {
  /** Five fields, or six with seconds first. */
  readonly cron: string
  /** IANA name. */
  readonly timeZone: string
  /** Milliseconds; each start is put off by a random part of it. */
  readonly jitter: number
  /** A start that was missed because the agent did not run: made up for once, or left out. */
  readonly missed: 'run' | 'skip'
}
