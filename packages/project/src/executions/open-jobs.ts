/**
 * Opens the jobs of a project, to be looked at, started and stopped: here, or through a server.
 *
 * @module
 */
import type { Environment, RunBy } from '@sluice/model'
import { type OnStatement, openRepository } from '@sluice/repository'
import { readProject } from '../folder/load-configuration.ts'
import { linkOf } from '../open/link-of.ts'
import type { Jobs } from './jobs.ts'
import { jobsHere } from './jobs-here.ts'
import { jobsThere } from './jobs-there.ts'
import { stopHere } from './stop-here.ts'

export interface OpenJobsOptions {
  readonly environment: Environment
  /** Address of a server to ask, in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** Where `server` is given, a folder without a project will do. */
  readonly orEmpty?: boolean | undefined
  /** Who asks for something; through a server it is the token. */
  readonly by?: RunBy | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

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
  const configuration = (await readProject(path, { environment, orEmpty })).require({ stored: 'unknown' })
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
