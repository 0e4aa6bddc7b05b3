/**
 * Tokens: one's own, and the administration of all.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

export function tokenHandlers({ tokens, configuration }: ServerContext) {
  return {
    self: handler(routes.self, async ({ caller }) => caller),

    tokens: handler(routes.tokens, async () => ({ tokens: await tokens.list() })),

    createToken: handler(routes.createToken, async ({ body, caller, log }) => {
      const made = await tokens.create(body, caller.name, configuration.sources.keys())
      log.info({ by: caller.name, made: made.token.name, role: made.token.role }, 'token made')
      return made
    }),

    revokeToken: handler(routes.revokeToken, async ({ params, caller, log }) => {
      const token = await tokens.revoke(params.name)
      log.info({ by: caller.name, revoked: token.name }, 'token revoked')
      return token
    }),
  }
}
