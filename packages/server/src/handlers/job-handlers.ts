/**
 * Jobs: what agents hand over and fetch, and what people are told and ask for.
 *
 * @module
 */
import type { ExecutionRecord, StartRecord } from '@sluice/model'
import { notifyOfJobs } from '@sluice/notify'
import { routes } from '@sluice/protocol'
import type { Fetched } from '@sluice/repository'
import { type Caller, reaches, tokenOf } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError } from '../server-errors.ts'
import { handler } from './handler.ts'
import { until } from './until.ts'

export function jobHandlers(context: ServerContext) {
  const { repository, jobsChanged, notificationsDue, metrics } = context
  const { jobs } = repository
  return {
    jobs: handler(routes.jobs, async ({ caller }) => ({ jobs: await jobs.list(tokenOf(caller)) })),

    jobResults: handler(routes.jobResults, async ({ params, query, caller }) => ({
      results: await jobs.executions({ job: params.job, limit: query.limit, token: tokenOf(caller) }),
    })),

    allJobResults: handler(routes.allJobResults, async ({ query, caller }) => ({
      results: await jobs.executions({ limit: query.limit, token: tokenOf(caller) }),
    })),

    jobResult: handler(routes.jobResult, async ({ params, query, caller, signal }) => {
      const read = () => requireExecution(context, params.execution, caller)
      return await until(context, { read, seconds: query.wait, over: hasEnded, signal })
    }),

    startJob: handler(routes.startJob, async ({ params, body, caller, log }) => {
      const start = await jobs.start({ job: params.job, agent: body.agent, by: caller.by })
      log.info({ start: start.start, agent: start.agent.agent }, 'a job is to be started')
      jobsChanged.notify()
      return start
    }),

    stopJob: handler(routes.stopJob, async ({ params, body, caller, log }) => {
      const asked = await jobs.stop({ job: params.job, agent: body.agent, by: caller.by })
      log.info({ execution: asked.execution, agent: asked.agent.agent }, 'a job is to be stopped')
      jobsChanged.notify()
      return asked
    }),

    jobStart: handler(routes.jobStart, async ({ params, query, caller, signal }) => {
      const read = async () => {
        const start = await jobs.startRecord(params.start, tokenOf(caller))
        if (start === undefined) throw new NothingThereError(`request ${params.start} to start a job`)
        return start
      }
      return await until(context, { read, seconds: query.wait, over: isDecided, signal })
    }),

    checkIn: handler(routes.checkIn, async ({ params, query, body, caller, signal }) => {
      const { host, folder, known, leaving = false } = body
      const agent = { agent: params.agent, host, folder }
      // What it may not deliver, nobody asks it for.
      const sources = body.sources.filter(({ source }) => reaches(caller, source))
      const found = await jobs.checkIn(agent, { jobs: body.jobs, sources, known, leaving }, caller.name)
      const read = async () => await jobs.fetch(agent, known)
      const seconds = leaving ? 0 : query.wait
      const over = ({ starts, checks, previews }: Fetched) =>
        starts.length + checks.length + previews.length > 0
      return await until(context, { read, seconds, over, signal, first: found })
    }),

    refuseStart: handler(routes.refuseStart, async ({ params, body, caller }) => {
      const refused = await jobs.refuseStart(params.start, body.reason, caller.name)
      jobsChanged.notify()
      return { refused }
    }),

    keepExecution: handler(routes.keepExecution, async ({ params, body, caller }) => {
      const { stop, ended } = await jobs.keep(
        { ...body, ...params },
        { token: caller.name, onFailed: notifyOfJobs(context.configuration) },
      )
      if (ended) {
        metrics.executed(body)
        notificationsDue.notify()
      }
      jobsChanged.notify()
      return { stop }
    }),
  }
}

async function requireExecution(
  { repository }: ServerContext,
  id: string,
  caller: Caller,
): Promise<ExecutionRecord> {
  const execution = await repository.jobs.execution(id, tokenOf(caller))
  if (execution === undefined)
    throw new NothingThereError(`execution of a job whose id begins with ${id}, or there are several`)
  return execution
}

function hasEnded({ state }: ExecutionRecord): boolean {
  return state !== 'running'
}

function isDecided({ state }: StartRecord): boolean {
  return state !== 'waiting' && state !== 'taken'
}
