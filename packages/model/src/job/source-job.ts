/**
 * A source that is synchronized by itself, as somebody asks its agent for it: a job of one step, which no configuration has.
 *
 * @module
 */
import type { Mode } from '../source/source.ts'
import type { Job } from './job.ts'

/** Its name is that of no job that people write: those have no dots. */
export function sourceJobName(source: string): string {
  return `sync.${source}`
}

export interface SourceJobTerms {
  /** In place of the one that the source is configured with. */
  readonly mode?: Mode | undefined
  /** Its run waits to be approved, whatever it would change. */
  readonly hold?: boolean | undefined
}

/** All stages, of this source alone. */
export function sourceJob(source: string, { mode, hold = false }: SourceJobTerms = {}): Job {
  const step = {
    name: 'sync',
    stage: 'sync',
    sources: [source],
    mode,
    force: false,
    hold,
    continueOnError: false,
  } as const
  return { name: sourceJobName(source), after: [], steps: [step] }
}
