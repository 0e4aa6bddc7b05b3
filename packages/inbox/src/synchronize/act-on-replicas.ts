/**
 * Does what people want done with single rows of a source, in a run of its own.
 *
 * @module
 */
import { produceActions, produceFromReplicas, type WantedAction } from '@sluice/engine'
import type { RunBy, RunReport } from '@sluice/model'
import { sourceLock } from '@sluice/repository'
import type { DecisionParts } from './carry-out-decisions.ts'

export interface ActedOn {
  /** How many rows there were. */
  readonly rows: number
  readonly report: RunReport
}

/**
 * `undefined`: somebody works on the source at the moment. Thresholds do not hold the run: each of its rows was named by a person, or the
 * conditions that they fulfil.
 */
export async function actOnReplicas(
  { database, engine, settleLeft }: DecisionParts,
  wanted: WantedAction,
  by: RunBy,
): Promise<ActedOn | undefined> {
  const { source, action, reason: comment } = wanted
  const origin = { cause: 'decision', by, source, delivery: null, mode: null, comment } as const
  const done = await database.exclusively(sourceLock(source), async () => {
    await settleLeft(source)
    const { produce, rows } = produceActions(wanted, by)
    const report = await engine.run({ origin, produce, rows: wanted.keys?.length ?? 0, forced: true })
    // What has left its resource looks for one in a second run.
    if (action !== 'reconcile' || report === undefined) return { rows: rows(), report }
    const again = produceFromReplicas({ source, loaded: false, acted: true })
    return { rows: rows(), report: await engine.run({ origin, produce: again, rows: rows(), forced: true }) }
  })
  if (done === undefined || done.result.report === undefined) return undefined
  return { rows: done.result.rows, report: done.result.report }
}
