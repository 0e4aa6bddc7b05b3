/**
 * Headers that keep a browser from doing more with an answer than it should.
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'

export function addSecurityHeaders(app: FastifyInstance, encrypted: boolean): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('x-frame-options', 'DENY')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('cross-origin-resource-policy', 'same-origin')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    // Answers are data; the pages of the documentation bring a policy of their own.
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    }
    if (encrypted) reply.header('strict-transport-security', 'max-age=31536000')
  })
}
