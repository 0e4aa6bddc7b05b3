/**
 * Previews of rows: asked for by people, fetched and answered by agents. What the rows hold is in no log.
 *
 * @module
 */
import type { Preview } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { tokenOf } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { NothingThereError, noSuchSource } from '../server-errors.ts'
import { handler } from './handler.ts'
import { until } from './until.ts'

export function previewHandlers(context: ServerContext) {
  const { configuration, repository, jobsChanged } = context
  const { jobs } = repository
  const ask = async (request: Parameters<typeof jobs.askPreview>[0]): Promise<Preview> => {
    if (!configuration.sources.has(request.source)) throw noSuchSource(request.source)
    const preview = await jobs.askPreview(request)
    jobsChanged.notify()
    return preview
  }
  return {
    askPreview: handler(routes.askPreview, async ({ params: { source }, body, caller, log }) => {
      const asked = await ask({ ...body, source, by: caller.by })
      log.info({ preview: asked.preview, agent: asked.agent.agent, source }, 'rows are to be shown')
      return asked
    }),

    proposePreview: handler(routes.proposePreview, async ({ params: { source }, body, caller, log }) => {
      const asked = await ask({ ...body, source, by: caller.by })
      log.info(
        { preview: asked.preview, agent: asked.agent.agent, source },
        'rows are to be shown by a mapping that is proposed',
      )
      return asked
    }),

    preview: handler(routes.preview, async ({ params: { preview }, query, caller, signal }) => {
      const read = async () => {
        const found = await jobs.preview(preview, caller.by)
        if (found === undefined) throw new NothingThereError(`preview ${preview} of yours`)
        return found
      }
      return await until(context, { read, seconds: query.wait, over: isOver, signal })
    }),

    answerPreview: handler(routes.answerPreview, async ({ params: { preview }, body, caller }) => {
      const taken = await jobs.answerPreview(preview, body, tokenOf(caller))
      jobsChanged.notify()
      return { taken }
    }),
  }
}

function isOver({ state }: Preview): boolean {
  return state === 'answered' || state === 'expired'
}
