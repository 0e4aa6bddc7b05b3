/**
 * Checks of connections to managed systems: asked for by people, fetched and answered by agents.
 *
 * @module
 */
import type { SystemCheck } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { tokenOf } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError, noSuchSource, RequestRefusedError } from '../server-errors.ts'
import { handler } from './handler.ts'
import { until } from './until.ts'

export function checkHandlers(context: ServerContext) {
  const { configuration, repository, jobsChanged } = context
  const { jobs } = repository
  return {
    askCheck: handler(routes.askCheck, async ({ params: { source }, body, caller, log }) => {
      if (!configuration.sources.has(source)) throw noSuchSource(source)
      const check = await jobs.askCheck({ ...body, source, by: caller.by })
      log.info({ check: check.check, agent: check.agent.agent, source }, 'a connection is to be checked')
      jobsChanged.notify()
      return check
    }),

    checks: handler(routes.checks, async ({ params: { source }, query }) => {
      if (!configuration.sources.has(source)) throw noSuchSource(source)
      return { checks: await jobs.checks(source, query.kind) }
    }),

    check: handler(routes.check, async ({ params: { check }, query, signal }) => {
      const read = async () => {
        const found = await jobs.check(check)
        if (found === undefined) throw new NothingThereError(`check ${check} of a connection`)
        return found
      }
      return await until(context, { read, seconds: query.wait, over: isOver, signal })
    }),

    answerCheck: handler(routes.answerCheck, async ({ params: { check }, body, caller }) => {
      const taken = await jobs.answerCheck(check, body, tokenOf(caller))
      jobsChanged.notify()
      return { taken }
    }),

    connector: handler(routes.connector, async ({ params: { source } }) => {
      if (context.sources === undefined)
        throw new RequestRefusedError('this server has no file to read its configuration from')
      return { connector: await context.sources.connector(source) }
    }),
  }
}

function isOver({ state }: SystemCheck): boolean {
  return state === 'answered' || state === 'expired'
}
