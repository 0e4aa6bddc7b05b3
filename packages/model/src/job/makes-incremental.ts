/**
 * Where a step asks a source for changes only.
 *
 * @module
 */
import type { Source } from '../source/source.ts'
import type { JobStep } from './job.ts'

/** As far as the configuration says: where an incremental is impossible, a complete may take its place. */
export function makesIncremental(
  { stage, mode }: Pick<JobStep, 'stage' | 'mode'>,
  source: Pick<Source, 'mode'>,
): boolean {
  if (stage === 'deliver' || stage === 'synchronize' || stage === 'age') return false
  return mode === 'incremental' || ((mode ?? 'auto') === 'auto' && source.mode === 'incremental')
}
