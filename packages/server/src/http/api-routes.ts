/**
 * Registers every route of the protocol: who may, what came, what goes back.
 *
 * @module
 */
import type { RunBy } from '@sluice/model'
import {
  apiPrefix,
  file,
  isUnderstood,
  type Route,
  revision,
  revisionHeader,
  versionHeader,
} from '@sluice/protocol'
import type { AuditLog } from '@sluice/repository'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import pLimit from 'p-limit'
import type { Gate } from '../access/authenticate.ts'
import { type Caller, requirePermission } from '../access/caller.ts'
import { sessionCookieOf } from '../access/session-cookie.ts'
import { acceptedEncodings } from '../handlers/decode-body.ts'
import type { Handler } from '../handlers/handler.ts'
import type { Handlers } from '../handlers/handlers.ts'
import { ClientTooOldError } from '../server-errors.ts'
import { Auditor } from './audit.ts'
import { jsonLines, type TakeTurn } from './json-lines.ts'
import { sendFile } from './send-file.ts'

/** Bytes of a JSON body: a manifest of thousands of files. */
const jsonLimit = 1024 * 1024
/** Long lists that are read from the repository at the same time: far fewer than there are connections for readers. */
const longListsAtOnce = 4

export interface ApiOptions {
  readonly gate: Gate
  /** Of the program. */
  readonly version: string
  readonly audit: Pick<AuditLog, 'record'>
}

/** @param handlers Those of the configuration that holds when a request is answered. */
export function registerApi(
  app: FastifyInstance,
  handlers: () => Handlers,
  { gate, version, audit }: ApiOptions,
): void {
  const all: readonly Handler[] = Object.values(handlers())
  const now = ({ route }: Handler): Handler => {
    const found = Object.values(handlers()).find((handler) => handler.route === route)
    if (found === undefined) throw new Error(`Nothing answers ${route.path} any more.`)
    return found
  }
  const callers = new WeakMap<FastifyRequest, Caller>()
  const auditor = new Auditor(audit)
  const longLists = pLimit(longListsAtOnce)
  const callerOf = async ({ permission }: Route, request: FastifyRequest) => {
    if (permission !== null) return await gate.caller(request)
    await gate.anybody(request)
    return undefined
  }
  const admit = ({ permission }: Route, request: FastifyRequest, caller: Caller) => {
    callers.set(request, caller)
    auditor.identify(request, caller.by)
    request.log = request.log.child(factsOf(request.params, caller))
    if (permission !== null) requirePermission(caller, permission)
  }
  const add = (scope: FastifyInstance, handler: Handler) => {
    const { route } = handler
    scope.route({
      method: route.method,
      url: `${apiPrefix}${route.path}`,
      bodyLimit: jsonLimit,
      config: { notable: isNotable(route) },
      ...auditor.hooksOf(route),
      // Before the body is read: nobody sends a gigabyte to learn that he may not.
      onRequest: async (request, reply) => {
        if (route.tag === 'deliveries') reply.header('accept-encoding', acceptedEncodings)
        const caller = await callerOf(route, request)
        reply.headers({ [revisionHeader]: revision, [versionHeader]: version })
        if (!isUnderstood(text(request.headers[revisionHeader]))) throw new ClientTooOldError(version)
        if (caller !== undefined) admit(route, request, caller)
      },
      handler: async (request, reply) => {
        const caller = callers.get(request)
        const identify = (by: RunBy) => auditor.identify(request, by)
        return await answer(now(handler), { caller, identify }, request, reply, (work) => longLists(work))
      },
    })
  }
  // As those who know RFC 7396 call the body of a PATCH.
  app.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  )
  for (const handler of all) if (handler.route.body.kind !== 'bytes') add(app, handler)
  app.register((scope, _options, done) => {
    // The bytes of a file are never parsed, whatever they call themselves.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    for (const handler of all) if (handler.route.body.kind === 'bytes') add(scope, handler)
    done()
  })
}

/** A header that stands there twice says nothing. */
function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}

/** It changes something, or reveals what the repository holds; but for the pieces of a file, of which there are many. */
function isNotable({ method, permission, often = false }: Route): boolean {
  if (often) return false
  return method === 'GET'
    ? permission === 'read' || permission === 'administer'
    : permission !== 'deliver' || method !== 'PATCH'
}

async function answer(
  { route, answer }: Handler,
  who: { readonly caller: Caller | undefined; readonly identify: (by: RunBy) => void },
  request: FastifyRequest,
  reply: FastifyReply,
  inTurn: TakeTurn,
): Promise<FastifyReply> {
  const result = await answer({
    params: request.params,
    query: request.query,
    body: route.body.kind === 'bytes' ? (request.body ?? request.raw) : request.body,
    headers: request.headers,
    ...who,
    address: request.ip,
    cookie: sessionCookieOf(request, reply),
    log: request.log,
    signal: untilGone(reply),
  })
  return await send(route, result, reply, inTurn)
}

async function send(
  route: Route,
  result: unknown,
  reply: FastifyReply,
  inTurn: TakeTurn,
): Promise<FastifyReply> {
  const { kind, schema } = route.reply
  if (kind === 'json') {
    // Through the schema, so that nothing leaves that the protocol does not name.
    const document = schema.parse(result)
    const { status = 200, headers = {} } = route.answered?.(document) ?? {}
    return reply
      .code(status)
      .headers(headers)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(document))
  }
  if (kind === 'file') return sendFile(file.schema.parse(result), reply)
  return reply.type('application/x-ndjson; charset=utf-8').send(await jsonLines(documents(result), inTurn))
}

function documents(result: unknown): AsyncIterable<unknown> {
  if (isAsyncIterable(result)) return result
  throw new Error('A route of lines was not answered by lines.')
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What a log line is about: names in the address, never what a token is. */
function factsOf(params: unknown, { by, name }: Caller): Readonly<Record<string, unknown>> {
  return { [by.kind === 'person' ? 'account' : 'token']: name, ...(typeof params === 'object' ? params : {}) }
}

function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    // Who has the whole answer is gone in the ordinary way, and a reason with its stack costs as much as the answer.
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}
