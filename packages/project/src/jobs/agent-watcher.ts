/**
 * Who is told what happens in an agent, to count it.
 *
 * @module
 */
import type { ServerWatch } from './watch-server.ts'

/** What an agent tells; nothing of it is waited for, and none of it may throw. */
export interface AgentWatcher {
  jobBegan(job: string): void
  /** `state`: of its execution, or that its start was left out. */
  jobEnded(ended: { readonly job: string; readonly state: string; readonly milliseconds: number }): void
  /** A source of a step has failed. */
  sourceFailed(failed: { readonly source: string; readonly code: string }): void
  /** The server does not answer, and why; `undefined`: it answers. */
  server(away: string | undefined): void
}

/** `watch`, and the watcher too. */
export function toldOf(watch: ServerWatch, watcher: AgentWatcher | undefined): ServerWatch {
  return {
    away(reason) {
      watch.away(reason)
      watcher?.server(reason)
    },
    answered() {
      watch.answered()
      watcher?.server(undefined)
    },
  }
}

/** The result of `work`, an execution of the job. */
export async function watched(
  watcher: AgentWatcher | undefined,
  job: string,
  work: () => Promise<string>,
): Promise<string> {
  const begun = performance.now()
  let state = 'failed'
  watcher?.jobBegan(job)
  try {
    state = await work()
    return state
  } finally {
    watcher?.jobEnded({ job, state, milliseconds: performance.now() - begun })
  }
}
