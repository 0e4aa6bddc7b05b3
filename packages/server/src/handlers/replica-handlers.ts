/**
 * What people want done with single rows of a source.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function replicaHandlers({ synchronizer }: ServerContext) {
  return {
    actOnReplicas: handler(routes.actOnReplicas, async ({ params, body, caller, log }) => {
      const wanted = { source: params.source, entityType: params.type, ...body }
      const done = await synchronizer.actOnReplicas(wanted, caller.by)
      const { source, entityType, action } = wanted
      log.info({ by: caller.name, source, type: entityType, action, rows: done.rows }, 'rows acted on')
      return done
    }),
  }
}
