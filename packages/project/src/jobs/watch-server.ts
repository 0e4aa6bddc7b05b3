/**
 * What the agent's log says of a server that is away: once that it is, and why, and once that it is back.
 *
 * All jobs of an agent share one of these, because they share the server. In between only whoever looks closely is
 * logged, once a minute.
 *
 * @module
 */
import type { AgentLog } from '../schedule/agent-log.ts'

export interface ServerWatch {
  /** It did not answer, or not now. */
  away(reason: string): void
  /** It answered. */
  answered(): void
}

const minute = 60_000
/** Of the request that failed: another one each time. */
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

export function watchServer(log: AgentLog, now: () => number = () => performance.now()): ServerWatch {
  const reasons = new Set<string>()
  let since = 0
  let reportedAt = 0
  const seconds = () => Math.round((now() - since) / 1000)
  return {
    away(reason) {
      const kind = reason.replace(uuid, '')
      if (reasons.size === 0) since = now()
      if (!reasons.has(kind)) {
        log.warn({ reason }, 'the server is away and is tried again')
      } else if (now() - reportedAt >= minute) {
        log.debug({ reason, seconds: seconds() }, 'the server is still away')
      } else return
      reasons.add(kind)
      reportedAt = now()
    },
    answered() {
      if (reasons.size === 0) return
      log.info({ seconds: seconds() }, 'the server is back')
      reasons.clear()
    },
  }
}
