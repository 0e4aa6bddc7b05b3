/**
 * `/openapi.json`, and `/docs` to read it and try it: served from here, so that it works without a network.
 *
 * @module
 */
import swagger, { type StaticDocumentSpec } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { openApiDocument } from './open-api.ts'

/** Only what this server sends; the page sets styles by itself. */
const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

interface DocsOptions {
  readonly version: string
  /** Whoever likes to reads them without a token, so often and no more. */
  readonly gate: { anybody(request: FastifyRequest): Promise<void> }
}

/** A plugin, because what is asked of the gate is asked of these addresses alone. */
export const docsPage: FastifyPluginAsync<DocsOptions> = async (app, { version, gate }) => {
  app.addHook('onRequest', (request) => gate.anybody(request))
  const text = JSON.stringify(openApiDocument(version, '.'))
  app.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text),
  )
  const document = openApiDocument(version, '..')
  // The types of the plugin end at OpenAPI 3.0; it passes on what it is given.
  const specification = { document } as unknown as StaticDocumentSpec
  await app.register(swagger, { mode: 'static', specification })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: policy,
    // The badge of validators asks a server elsewhere; the bar of the other layout is somebody else's.
    uiConfig: { layout: 'BaseLayout', validatorUrl: null, docExpansion: 'list', persistAuthorization: true },
    theme: { title: 'Sluice' },
    // The page finds its parts beside itself only where its address ends with a slash, whatever a proxy has before that.
    uiHooks: {
      onRequest: (request, reply, next) => {
        if (request.url === '/docs') reply.redirect('docs/', 308)
        else next()
      },
    },
  })
}
