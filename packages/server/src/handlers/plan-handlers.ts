/**
 * Plans: what a delivery would change that is in no queue.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import { type Caller, reaches } from '../access/caller.ts'
import { ownPartOf, seenPart } from '../access/own-part.ts'
import type { ServerContext } from '../server-context.ts'
import { noSuchSource } from '../server-errors.ts'
import { decodedBody } from './decode-body.ts'
import { handler } from './handler.ts'

export function planHandlers({ configuration, synchronizer, metrics }: ServerContext) {
  const { plans } = synchronizer
  const limit = configuration.server.limits.deliverySize
  const reached = (caller: Caller, source: string) => {
    if (!configuration.sources.has(source) || !reaches(caller, source)) throw noSuchSource(source)
    return source
  }
  return {
    receivedPlanFile: handler(routes.receivedPlanFile, async ({ params, caller }) => {
      reached(caller, params.source)
      return { size: await plans.received(params.plan, params.file) }
    }),

    appendPlanFile: handler(routes.appendPlanFile, async ({ params, query, body, headers, caller }) => {
      const source = reached(caller, params.source)
      const content = decodedBody(body, headers['content-encoding'], (bytes) =>
        metrics.received(source, bytes),
      )
      return { size: await plans.append(params.plan, params.file, { offset: query.offset, content, limit }) }
    }),

    planDelivery: handler(routes.planDelivery, async ({ params, body, caller, signal, log }) => {
      const source = reached(caller, params.source)
      const { mode, manifest, sample, summed } = body
      const { by } = caller
      log.info({ source, by: caller.name }, 'delivery planned')
      const plan = await plans.use(params.plan, manifest, (folder) =>
        synchronizer.plan(source, mode, { folder, manifest }, { by, sample, summed, signal }),
      )
      return seenPart(ownPartOf(caller, configuration), plan)
    }),
  }
}
