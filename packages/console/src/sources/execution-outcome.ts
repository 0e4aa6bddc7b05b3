/** @module */
import type { Reply } from '../api/ask.ts'

type Execution = Pick<Reply<'GET /job-results/:execution'>, 'error' | 'steps'>

export interface Outcome {
  readonly runs: readonly number[]
  /** Why it is not well, with what to do about it. */
  readonly says: string | undefined
}

/** What one execution came to: its runs, and the first thing that went wrong. */
export function outcomeOf({ error, steps }: Execution): Outcome {
  const sources = steps.flatMap((step) => step.sources)
  const failed = error ?? sources.find((one) => one.error !== null)?.error ?? undefined
  const reason = sources.find((one) => one.reason !== null)?.reason ?? undefined
  return {
    runs: sources.flatMap(({ runs }) => runs),
    says:
      failed === undefined
        ? reason
        : [failed.message, failed.remedy].filter((text) => text !== null).join(' '),
  }
}
