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

/** @param mode In place of the one that the source is configured with. */
export function sourceJob(source: string, mode: Mode | undefined): Job {
  const step = {
    name: 'sync',
    stage: 'sync',
    sources: [source],
    mode,
    force: false,
    continueOnError: false,
  } as const
  return { name: sourceJobName(source), after: [], steps: [step] }
}
