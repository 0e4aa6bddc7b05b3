/**
 * Opens the jobs of a project, to be looked at, started and stopped: here, or through a server.
 *
 * @module
 */
import { openRepository } from '@sluice/repository'
import { readProject } from '../folder/load-configuration.ts'
import { linkOf } from '../open/link-of.ts'
import type { OpenSourcesOptions } from '../open/open-sources.ts'
import type { Jobs } from './jobs.ts'
import { jobsHere } from './jobs-here.ts'
import { jobsThere } from './jobs-there.ts'
import { stopHere } from './stop-here.ts'

/** As sources are opened; `by` asks for jobs to be started and stopped. */
export type OpenJobsOptions = OpenSourcesOptions

/**
 * Opens the jobs of the project in a folder. Through a server they are those that agents have announced to it.
 *
 * @example
 * ```ts
 * import process from 'node:process'
 * import { openJobs } from 'sluice'
 *
 * await using jobs = await openJobs('.', { environment: process.env })
 * for (const { job, nextStart, last } of (await jobs.list()).jobs) console.log(job, nextStart, last?.state)
 * for (const { job, state, startedAt } of await jobs.results({ limit: 5 })) console.log(job, state, startedAt)
 * ```
 */
export async function openJobs(path: string, options: OpenJobsOptions): Promise<Jobs & AsyncDisposable> {
  const { environment, server, by = { kind: 'program', name: 'sluice' }, onStatement } = options
  const orEmpty = options.orEmpty === true && server !== undefined
  const project = await readProject(path, { environment, orEmpty })
  const configuration = await project.require({ stored: 'unknown' })
  const link = await linkOf(configuration, options)
  if (link !== undefined) {
    const there = jobsThere(link.client)
    return {
      ...there,
      // Where the job is at work in this very folder, the server need not be asked, and may be away.
      stop: async (job, which = {}) => {
        const here = which.agent === undefined ? await stopHere(configuration.workFolder, job, by) : undefined
        return here ?? (await there.stop(job, which))
      },
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    }
  }
  const open = () => openRepository(configuration.repository, { onStatement })
  return Object.assign(jobsHere({ configuration, open, by }), { [Symbol.asyncDispose]: async () => {} })
}
