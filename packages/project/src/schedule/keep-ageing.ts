/**
 * Lets go what has disappeared for long enough, now and then, where the repository is in this process.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunReport } from '@sluice/model'
import type { AgentLog } from './agent-log.ts'

export interface KeepAgeingOptions {
  /** Sources of which anything can age at all. */
  readonly sources: readonly string[]
  /** Lets go what has aged of one; `undefined`: nothing is, or it is to be left alone. */
  readonly age: (source: string) => Promise<RunReport | undefined>
  /** Milliseconds between two looks. */
  readonly every: number
  readonly log: AgentLog
  readonly stop: AbortSignal
}

/** Until `stop`. */
export async function keepAgeing(options: KeepAgeingOptions): Promise<void> {
  const { sources, every, stop } = options
  while (!stop.aborted) {
    for (const source of sources) if (!stop.aborted) await ageOne(options, source)
    await sleep(every, undefined, { signal: stop }).catch(() => undefined)
  }
}

/** Never throws: one source keeps no other from its time, and another look does what this one could not. */
async function ageOne({ age, log, stop }: KeepAgeingOptions, source: string): Promise<void> {
  try {
    const report = await age(source)
    if (report === undefined) return
    const facts = { source, run: report.run, state: report.state }
    if (report.state === 'held') log.warn(facts, 'what is due exceeds a threshold')
    else log.info(facts, 'what was due is applied')
  } catch (error) {
    if (!stop.aborted) log.error({ source, err: error }, 'the ageing of the source failed')
  }
}
