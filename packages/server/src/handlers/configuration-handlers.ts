/**
 * The configuration of the server itself.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function configurationHandlers({ reload }: ServerContext) {
  return {
    reload: handler(routes.reload, async ({ caller, log }) => {
      log.info({ by: caller.name }, 'configuration is read again')
      return await reload()
    }),
  }
}
