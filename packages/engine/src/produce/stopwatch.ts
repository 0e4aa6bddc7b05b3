/**
 * Measures the stages of a run, and reports which one is at work.
 *
 * @module
 */
import type { OnProgress, Stage, StageTiming } from '@sluice/model'

export interface Stopwatch {
  /** Does `work` as part of a stage; `subject` is the mapping it is about. */
  time<T>(stage: Stage, work: () => Promise<T>, subject?: string): Promise<T>
  timings(): readonly StageTiming[]
}

export function stopwatch(of: {
  readonly source: string
  readonly onProgress: OnProgress
  readonly signal: AbortSignal | undefined
}): Stopwatch {
  const spent = new Map<Stage, number>()
  return {
    async time(stage, work, subject) {
      of.signal?.throwIfAborted()
      const started = performance.now()
      of.onProgress({ stage, source: of.source, subject })
      try {
        return await work()
      } finally {
        spent.set(stage, (spent.get(stage) ?? 0) + performance.now() - started)
      }
    },
    timings: () =>
      [...spent].map(([stage, milliseconds]) => ({ stage, milliseconds: Math.round(milliseconds) })),
  }
}
