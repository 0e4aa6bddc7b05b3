/**
 * Sources that are synchronized by themselves, by the agents that deliver them.
 *
 * @module
 */
import { sourceJobName } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { reaches, tokenOf } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'

export function sourceStartHandlers({ configuration, repository, jobsChanged }: ServerContext) {
  const { jobs } = repository
  return {
    sourceAgents: handler(routes.sourceAgents, async ({ params: { source }, caller }) => {
      if (!configuration.sources.has(source) || !reaches(caller, source)) throw noSuchSource(source)
      return { agents: await jobs.delivered(source, tokenOf(caller)) }
    }),

    startSource: handler(routes.startSource, async ({ params: { source }, body, caller, log }) => {
      if (!configuration.sources.has(source)) throw noSuchSource(source)
      const start = await jobs.start({ ...body, source, by: caller.by })
      log.info({ start: start.start, agent: start.agent.agent, source }, 'a source is to be started')
      jobsChanged.notify()
      return start
    }),

    stopSource: handler(routes.stopSource, async ({ params: { source }, body, caller, log }) => {
      const asked = await jobs.stop({ job: sourceJobName(source), agent: body.agent, by: caller.by })
      log.info({ execution: asked.execution, agent: asked.agent.agent, source }, 'a source is to be stopped')
      jobsChanged.notify()
      return asked
    }),
  }
}
