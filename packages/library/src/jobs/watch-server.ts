/**
 * What the agent's log says of a server that is away: once that it is, and why, and once that it is back.
 *
 * All jobs of an agent share one of these, because they share the server. In between only whoever looks closely is
 * told, once a minute.
 *
 * @module
 */
import type { AgentLog } from '@sluice/agent'

export interface ServerWatch {
  /** It did not answer, or not now. */
  away(reason: string): void
  /** It answered. */
  answered(): void
}

const minute = 60_000

export function watchServer(log: AgentLog, now: () => number = () => performance.now()): ServerWatch {
  const reasons = new Set<string>()
  let since = 0
  let told = 0
  const seconds = () => Math.round((now() - since) / 1000)
  return {
    away(reason) {
      if (reasons.size === 0) since = now()
      if (!reasons.has(reason)) {
        log.warn({ reason }, 'the server is away and is tried again')
      } else if (now() - told >= minute) {
        log.debug({ reason, seconds: seconds() }, 'the server is still away')
      } else return
      reasons.add(reason)
      told = now()
    },
    answered() {
      if (reasons.size === 0) return
      log.info({ seconds: seconds() }, 'the server is back')
      reasons.clear()
    },
  }
}
