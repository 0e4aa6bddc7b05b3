/**
 * What the agent's side knows of a source and no repository does: what waits here for a server, and when jobs start.
 *
 * @module
 */
import { findAgentHolder, readQueue } from '@sluice/agent'
import type { Configuration, Job } from '@sluice/model'
import { startTimes } from '../schedule/start-times.ts'

export interface AgentSide {
  /** Deliveries that are prepared and wait for the server; `null`: they cannot be read, and `sluice deliver` says why. */
  readonly waiting: number | null
  /** The next start of a job that it is part of. */
  readonly nextStart: NextStart | null
}

export interface NextStart {
  readonly job: string
  /** UTC. */
  readonly at: string
  /** An agent follows the schedules of this work folder; `false`: nothing starts by itself. */
  readonly followed: boolean
}

/** By source, of all that are configured here. */
export async function agentSides(
  { sources, jobs, workFolder }: Pick<Configuration, 'sources' | 'jobs' | 'workFolder'>,
  now = new Date(),
): Promise<ReadonlyMap<string, AgentSide>> {
  const followed = findAgentHolder(workFolder, 'agent') !== undefined
  const starts = [...jobs.values()].flatMap((job) => startOf(job, now))
  const sides = new Map<string, AgentSide>()
  for (const { name } of sources.values()) {
    const [next] = starts.filter((start) => start.sources.has(name)).sort((a, b) => a.at - b.at)
    const nextStart =
      next === undefined ? null : { job: next.job, at: new Date(next.at).toISOString(), followed }
    sides.set(name, { waiting: await waitingOf(workFolder, name), nextStart })
  }
  return sides
}

async function waitingOf(workFolder: string, source: string): Promise<number | null> {
  return await readQueue(workFolder, source).then(
    (queue) => queue.length,
    () => null,
  )
}

interface Start {
  readonly job: string
  readonly at: number
  readonly sources: ReadonlySet<string>
}

function startOf({ name, schedule, steps }: Job, now: Date): readonly Start[] {
  const at = schedule === undefined ? undefined : startTimes(schedule).after(now.getTime())
  if (at === undefined) return []
  return [{ job: name, at, sources: new Set(steps.flatMap(({ sources }) => sources)) }]
}
