/**
 * How the machines around a server ask about it: alive, ready, counted.
 *
 * Health and readiness need no token, because whoever asks them has none and learns nothing but a word.
 * Metrics name the sources and how much changes in them, which is not everybody's business: they need
 * a token that may read (Prometheus sends one: `authorization.credentials_file`).
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'
import type { Gate } from '../access/authenticate.ts'
import { requirePermission } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { unreadiness } from './readiness.ts'

export function registerProbes(
  app: FastifyInstance,
  live: { readonly context: ServerContext },
  gate: Gate,
): void {
  // Load balancers ask by HEAD, too, and what these answer is made of nothing.
  const cheap = { exposeHeadRoute: true }

  app.get('/health', cheap, async () => ({ status: 'alive' }))

  app.get('/ready', cheap, async (request, reply) => {
    await gate.anybody(request)
    const reason = await unreadiness(live.context)
    if (reason === undefined) return { status: 'ready' }
    request.log.warn({ reason }, 'not ready')
    return reply.code(503).send({ status: 'not ready', reason })
  })

  app.get('/metrics', async (request, reply) => {
    requirePermission(await gate.caller(request), 'read')
    return reply.type(live.context.metrics.contentType).send(await live.context.metrics.text())
  })
}
