/**
 * Jobs that are run once, each after those among them that it comes after.
 *
 * @module
 */

import type { JobState } from '@sluice/model'
import type { AgentLog } from '../schedule/agent-log.ts'
import type { ScheduledJob } from '../schedule/scheduled-job.ts'

type OrderedJob = Pick<ScheduledJob, 'name' | 'after'>

/**
 * How each of them ended, by name. One that comes after a job that did not end well is not begun, and has the state of that
 * one; jobs that are not among them are nobody's condition.
 */
export async function inOrder<J extends OrderedJob>(
  jobs: readonly J[],
  run: (job: J) => Promise<JobState>,
  log: AgentLog,
): Promise<ReadonlyMap<string, JobState>> {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const ended = new Map<string, Promise<JobState>>()
  const endOf = (job: J): Promise<JobState> => {
    const known = ended.get(job.name)
    if (known !== undefined) return known
    const end = afterThose(job)
    ended.set(job.name, end)
    return end
  }
  const afterThose = async (job: J): Promise<JobState> => {
    const before = job.after.flatMap((name) => byName.get(name) ?? [])
    const states = await Promise.all(before.map(async (one) => ({ name: one.name, state: await endOf(one) })))
    const bad = states.find(({ state }) => state !== 'done')
    if (bad === undefined) return await run(job)
    log.warn({ job: job.name, after: bad.name, state: bad.state }, 'the job is not started')
    return bad.state
  }
  return new Map(await Promise.all(jobs.map(async (job) => [job.name, await endOf(job)] as const)))
}
