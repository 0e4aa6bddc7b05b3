/**
 * The HTTP application: limits, headers, errors and every route, not listening yet.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { ServerSettings } from '@sluice/model'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { type Gate, openGate } from '../access/authenticate.ts'
import { consolePages } from '../console/console-pages.ts'
import { docsPage } from '../documentation/docs-page.ts'
import type { Live } from '../handlers/live.ts'
import { openIdPages } from '../open-id/open-id-pages.ts'
import { registerProbes } from '../probes/probes.ts'
import type { ServerContext } from '../server-context.ts'
import { NoSuchAddressError, StoppingError } from '../server-errors.ts'
import { answerError } from './answer-error.ts'
import { registerApi } from './api-routes.ts'
import type { Certificate } from './certificate.ts'
import { limitConnections } from './connections.ts'
import { proxiesIn } from './proxies.ts'
import { refuseConnection } from './refuse-connection.ts'
import { type RouteTable, routeTableOf } from './route-table.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { SteadyRateStore } from './steady-rate-store.ts'
import { limitTimes } from './time-limits.ts'

export interface AppOptions {
  /** As the server starts with it. */
  readonly context: ServerContext
  /** As it is now: another one since the configuration was read again. */
  readonly live: Live
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly certificate: Certificate | undefined
}

type TrustProxy = Exclude<FastifyServerOptions['trustProxy'], undefined>

/** Of all headers of a request together, in bytes. */
const headerSize = 16 * 1024
/** Bytes of a connection that wait here for whoever reads them: what arrives during one write to disk is the next. */
const highWaterMark = 512 * 1024
/** Milliseconds in which the headers of a request have to be there. */
const headersTimeout = 15_000

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { context, live, version, log, certificate } = options
  const { limits } = context.configuration.server
  const app = bareApp(options)
  limitTimes(app, limits.idle)
  const connections = limitConnections(app, {
    ...limits,
    isProxy: proxiesIn(context.configuration.server.behindProxy),
    log,
    onClosed: context.metrics.connectionClosed,
  })
  addSecurityHeaders(app, certificate !== undefined)
  logRequests(app, context)
  app.addHook('onRequest', async (request) => {
    if (context.stopping.aborted && request.url !== '/ready' && request.url !== '/health')
      throw new StoppingError()
  })
  app.addHook('onSend', async (_request, reply) => {
    // A connection that stays open for the next request keeps the server from ending.
    if (context.stopping.aborted) reply.header('connection', 'close')
  })
  app.setErrorHandler(answerError)
  await app.register(rateLimit, { global: false, store: SteadyRateStore })
  const { requestsPerMinute } = limits
  const { tokens, sessions, audit } = context
  const gate = openGate(app, { tokens, sessions, requestsPerMinute, proven: connections.proven })
  const routes = routeTableOf(app)
  refuseOtherAddresses(app, routes, gate)
  registerProbes(app, live, gate)
  registerApi(app, () => live.handlers, { gate, version, audit })
  await app.register(docsPage, { version, gate })
  await app.register(consolePages, { gate })
  await app.register(openIdPages, { context, gate })
  await app.ready()
  log.debug({ routes: routes.all }, 'routes')
  return app
}

/** Before a body is read: there is nobody to read it for. */
function refuseOtherAddresses(app: FastifyInstance, routes: RouteTable, gate: Gate): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    await gate.anybody(request)
    const path = request.url.split('?')[0] ?? request.url
    const methods = routes.methodsOf(path)
    if (methods.length > 0) reply.header('allow', methods.join(', '))
    throw new NoSuchAddressError(request.method, path, methods)
  })
}

function bareApp({ context, log, certificate }: AppOptions): FastifyInstance {
  const { behindProxy } = context.configuration.server
  const http = { maxHeaderSize: headerSize, headersTimeout, connectionsCheckingInterval: 5000, highWaterMark }
  return Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies(behindProxy),
    requestTimeout: 0,
    keepAliveTimeout: 10_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Its answer would be made as that of a GET, and thrown away.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4096 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    ...(certificate === undefined
      ? { http }
      : {
          https: {
            ...http,
            ...certificate,
            minVersion: 'TLSv1.2' as const,
            handshakeTimeout: headersTimeout,
          },
        }),
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answers are in the log, and not only where one looks closely. */
    readonly notable?: boolean
  }
}

/** One line per answer; of its address only the path, because conditions hold what people look for. */
function logRequests(app: FastifyInstance, { metrics }: ServerContext): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // Also where the client went away, which no hook of the framework reports.
    reply.raw.once('close', () => {
      const { method } = request
      const route = request.routeOptions.url ?? 'unknown'
      const gone = !reply.raw.writableFinished
      // As proxies count those whom nobody could answer any more.
      const status = gone ? 499 : reply.raw.statusCode
      const ms = Math.round(reply.elapsedTime)
      metrics.answered({ method, route, status, seconds: ms / 1000 })
      const facts = { method, path: request.url.split('?')[0], status, address: request.ip, ms }
      request.log[levelOf(request, status)](facts, gone ? 'client went away' : 'answered')
    })
  })
}

/**
 * Of the addresses that proxies add to a header, one after the other, only the last is a proxy's of ours; what stands
 * before it is whatever the caller wrote there.
 */
function trustedProxies(behindProxy: ServerSettings['behindProxy']): TrustProxy {
  if (typeof behindProxy !== 'boolean') return [...behindProxy]
  return behindProxy && ((_address: string, hop: number) => hop === 0)
}

/** Pieces of files, questions how far something is, and probes come all day long; what went wrong is logged of them, too. */
function levelOf(
  { method, routeOptions }: FastifyRequest,
  status: number,
): 'debug' | 'info' | 'warn' | 'error' {
  const probed = routeOptions.url === '/ready'
  if (status >= 500 && !probed) return 'error'
  if (status >= 400 && status !== 499 && !(status === 404 && method === 'GET') && !probed) return 'warn'
  return routeOptions.config.notable === true ? 'info' : 'debug'
}
