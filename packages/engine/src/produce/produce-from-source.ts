/**
 * The producer of what a source says, whatever intake it comes by.
 *
 * @module
 */
import { type DeliveryMode, type OnProgress, switchedOn } from '@sluice/model'
import { limitsOf } from '../changes/limits.ts'
import type { Producer } from '../changes/produced.ts'
import { sourcesByName } from '../context/run-context.ts'
import type { Intake } from '../intake/intake.ts'
import { computeChangeSet } from './compute-change-set.ts'
import { stopwatch } from './stopwatch.ts'

/**
 * `mode`: an incremental says changes and no more; an initial is not weighed. `delivery`: what the repository stands for
 * when its changes are applied; null: nothing that an incremental could build on.
 */
export function produceFromSource(of: {
  readonly source: string
  readonly mode: DeliveryMode
  readonly delivery: string | null
  readonly intake: Intake
  readonly onProgress?: OnProgress | undefined
}): Producer {
  return async (run, straight) => {
    const known = run.sources.get(of.source)
    if (known === undefined) throw new Error(`Source ${of.source} is not in the repository.`)
    const { source, id: sourceId } = known
    const clock = stopwatch({
      source: source.name,
      onProgress: of.onProgress ?? (() => undefined),
      signal: run.signal,
    })
    const part = { ...run, source: switchedOn(source), sourceId, whole: of.mode !== 'incremental' }
    const { intake, delivery } = of
    const computed = await computeChangeSet(part, { intake, delivery, straight, clock })
    return {
      ...computed,
      limits: limitsOf(of.mode === 'initial' ? undefined : source, sourcesByName(run.sources)),
    }
  }
}
