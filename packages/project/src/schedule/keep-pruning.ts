/**
 * Prunes now and then, until it is stopped: the repository where it is in this process, and the work folder.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PruneReport } from '@sluice/model'
import type { AgentLog } from './agent-log.ts'

export interface KeepPruningOptions {
  readonly prune: () => Promise<PruneReport>
  /** Milliseconds between two looks. */
  readonly every: number
  readonly log: AgentLog
  readonly stop: AbortSignal
}

/** Until `stop`. Never throws: another look does what this one could not. */
export async function keepPruning({ prune, every, log, stop }: KeepPruningOptions): Promise<void> {
  while (!stop.aborted) {
    try {
      const { kinds, paths } = await prune()
      const gone = kinds.filter(({ removed }) => removed > 0)
      if (gone.length > 0) log.info({ kinds: gone, paths }, 'what is no longer kept was removed')
    } catch (error) {
      if (!stop.aborted) log.error({ err: error }, 'pruning failed')
    }
    await sleep(every, undefined, { signal: stop }).catch(() => undefined)
  }
}
